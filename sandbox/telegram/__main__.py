"""Runs the emulators: `python -m sandbox.telegram --port 8081 --token 1:demo`."""

import argparse
import time

from sandbox.llm import LanguageModelEmulator, Pace
from sandbox.telegram.app import create_app
from sandbox.telegram.core.emulator import Emulator
from sandbox.web.server import serve

FIRST_TOKEN_SECONDS = 0.5  # long enough to see "Thinking…"


def main() -> None:
    options = _parse()
    emulator = Emulator(
        options.token,
        rate_limit=options.rate_limit,
        # The bot keeps users in its database: new users must not get the ids of older runs.
        first_user_id=int(time.time()),
    )
    pace = Pace(first_seconds=FIRST_TOKEN_SECONDS, token_seconds=1 / options.tokens_per_second)
    app = create_app(emulator, LanguageModelEmulator(pace=pace))
    serve(app, "Telegram Bot API emulator", options.host, options.port)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument("--token", default="1:demo", help="the token of the bot")
    parser.add_argument("--rate-limit", action="store_true", help="answer 429 as Telegram does")
    parser.add_argument(
        "--tokens-per-second", type=float, default=50.0, help="speed of the language models"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
