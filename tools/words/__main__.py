"""Run `python -m tools.words` in the root of the project: one line per problem, exit code 1."""

import sys
from pathlib import Path

from tools.problem import report
from tools.words.check import find_problems


def main() -> int:
    return report(find_problems(Path.cwd()))


if __name__ == "__main__":
    sys.exit(main())
