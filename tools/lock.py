"""`make lock`: pin every dependency with its hashes, for all platforms, naming no index host.

Two files: what production installs, and that plus what the demo and the tests need.
"""

import subprocess
import sys

_COMMON = (
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal"),
    *("--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--upgrade"),
    *("--custom-compile-command", "make lock"),
)


def main() -> None:
    subprocess.run([*_COMMON, "-o", "requirements.lock"], check=True)  # noqa: S603 - our own words
    subprocess.run(  # noqa: S603 - our own words
        [*_COMMON, "--group", "dev", "-o", "requirements-dev.lock"], check=True
    )


if __name__ == "__main__":
    main()
