"""Runs the models alone: `python -m sandbox.llm --port 8082 --tokens-per-second 50`."""

import argparse

from sandbox.llm.app import create_app
from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.settings import Limits, Pace
from sandbox.web.server import serve


def main() -> None:
    options = _parse()
    rate = options.tokens_per_second
    emulator = LanguageModelEmulator(
        pace=Pace(options.first_seconds, 1 / rate if rate else 0.0),
        limits=Limits(options.concurrent),
    )
    serve(create_app(emulator), "Language model emulator", options.host, options.port)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.llm", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8082, help="0 takes any free port")
    parser.add_argument(
        "--tokens-per-second", type=float, default=0.0, help="0: as fast as possible"
    )
    parser.add_argument(
        "--first-seconds", type=float, default=0.0, help="from the question to the first token"
    )
    parser.add_argument("--concurrent", type=int, default=10, help="YandexGPT's answers at once")
    return parser.parse_args()


if __name__ == "__main__":
    main()
