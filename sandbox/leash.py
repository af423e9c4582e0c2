"""Runs a command that ends when the demo ends, however the demo ends.

The demo holds the other end of our standard input: when it closes, even because the demo was
killed, the command is asked to stop.
"""

import signal
import subprocess
import sys
from threading import Thread

STOP_TIMEOUT = 30.0


def main() -> int:
    command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603 - the demo's own
    signal.signal(signal.SIGTERM, lambda *_: command.terminate())

    def stop_when_released() -> None:
        sys.stdin.read()
        command.terminate()
        try:
            command.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            command.kill()

    Thread(target=stop_when_released, daemon=True).start()
    return command.wait()


if __name__ == "__main__":
    sys.exit(main())
