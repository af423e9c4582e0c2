"""`python -m tools.migrations` checks the migrations; `draft "what it does"` adds one."""

import argparse
import sys
from pathlib import Path

from tools.migrations.check import find_problems
from tools.migrations.draft import draft
from tools.problem import report


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.migrations", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("draft").add_argument("message")
    arguments = parser.parse_args()
    if arguments.command == "draft":
        draft(Path.cwd(), arguments.message)
        return 0
    return report(find_problems(Path.cwd()))


if __name__ == "__main__":
    sys.exit(main())
