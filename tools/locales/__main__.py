"""Run `python -m tools.locales` in the root of the project: one line per problem, exit code 1."""

import sys
from pathlib import Path

from tools.locales.check import find_problems
from tools.locales.errors import all_declared_errors
from tools.problem import report


def main() -> int:
    root = Path.cwd()
    return report(find_problems(root, all_declared_errors(root)))


if __name__ == "__main__":
    sys.exit(main())
