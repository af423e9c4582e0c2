"""The emulators: `python -m sandbox.telegram --port 8081 --token 1:demo`."""

import argparse
import asyncio
import signal
import time
from contextlib import suppress

from sandbox.llm import LanguageModelEmulator, Pace
from sandbox.telegram.app import create_app
from sandbox.telegram.core.emulator import Emulator
from sandbox.web.server import EmulatorServer, listen

FIRST_SECONDS = 0.5  # so that a person sees the bot think


def main() -> None:
    options = _parse()
    emulator = Emulator(
        options.token,
        rate_limit=options.rate_limit,
        # A bot with a database of its own must not take today's users for those of yesterday.
        first_user_id=int(time.time()),
    )
    pace = Pace(first_seconds=FIRST_SECONDS, token_seconds=1 / options.tokens_per_second)
    app = create_app(emulator, LanguageModelEmulator(pace=pace))
    listener = listen(options.host, options.port)
    address = f"http://{options.host}:{listener.getsockname()[1]}"
    print(f"Telegram Bot API emulator on {address}", flush=True)  # noqa: T201 - whoever starts it reads this
    # uvicorn stops cleanly and then raises the signal again, for whoever handled it before.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        asyncio.run(EmulatorServer(app).serve(sockets=[listener]))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument("--token", default="1:demo", help="the token of the one bot served")
    parser.add_argument("--rate-limit", action="store_true", help="answer 429 as Telegram does")
    parser.add_argument(
        "--tokens-per-second", type=float, default=50.0, help="how fast the language models are"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
