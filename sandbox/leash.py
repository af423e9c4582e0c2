"""Runs a command that ends when its parent ends, even when the parent is killed.

The parent holds the other end of the standard input. When that closes, the command is stopped.
"""

import signal
import subprocess
import sys
from threading import Thread

STOP_TIMEOUT_SECONDS = 30.0


def main() -> int:
    command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603 - our own
    signal.signal(signal.SIGTERM, lambda *_: command.terminate())

    def stop_when_released() -> None:
        sys.stdin.read()
        command.terminate()
        try:
            command.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            command.kill()

    Thread(target=stop_when_released, daemon=True).start()
    return command.wait()


if __name__ == "__main__":
    sys.exit(main())
