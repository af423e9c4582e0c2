"""`make lock`: pin every dependency with its hashes, for all platforms, without an index host.

It writes three files: one for production, one that adds the demo and the tests, and one for the
program that `make bench PEER=litellm` compares Okno with.
"""

import subprocess
import sys

_COMMON = (
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"),
    *("--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--upgrade"),
    *("--custom-compile-command", "make lock"),
)
_LOCKS = {
    "requirements.lock": ("pyproject.toml",),
    "requirements-dev.lock": ("pyproject.toml", "--group", "dev"),
    "tools/bench/http/litellm.lock": ("tools/bench/http/litellm.in",),
}


def main() -> None:
    for lock, sources in _LOCKS.items():
        subprocess.run([*_COMMON, *sources, "-o", lock], check=True)  # noqa: S603 - fixed arguments


if __name__ == "__main__":
    main()
