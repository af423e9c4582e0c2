"""`python -m api.supervision.child <descriptor>`: one of several processes.

It answers requests on the socket of its supervisor. Its first line of output is `STARTED` or the
reason why it can't start. It ends when its input ends, because the supervisor is gone then.
"""

import asyncio
import socket
import sys
from functools import partial

import uvloop

from api.config import load_api_settings
from api.process import run
from api.supervision.server_process import STARTED
from okno.kit.errors import StartupError
from okno.kit.log import configure_logs
from okno.kit.program import CAN_NOT_START, StopSignals, until_signal
from okno.kit.settings import LogSettings, Settings


async def answer(settings: Settings, descriptor: int, signals: StopSignals) -> None:
    loop = asyncio.get_running_loop()

    def leave_with_supervisor() -> None:
        loop.remove_reader(sys.stdin)
        signals.received()

    loop.add_reader(sys.stdin, leave_with_supervisor)
    with socket.socket(fileno=descriptor) as listener:
        await run(settings, signals, listener, partial(_print, STARTED))


def main(descriptor: int) -> int:
    try:
        settings = load_api_settings()
        configure_logs(settings[LogSettings], service="okno-api")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(until_signal(partial(answer, settings, descriptor)))
    except StartupError as error:
        _print(" ".join(str(error).split()))
        return CAN_NOT_START
    return 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
