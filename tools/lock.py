"""`make lock`: pin every dependency with its hashes, for all platforms, naming no index host.

Three files: what production installs, that plus what the demo and the tests need, and the program
that `make bench PEER=litellm` compares Okno with.
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
        subprocess.run([*_COMMON, *sources, "-o", lock], check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
