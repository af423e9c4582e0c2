"""`python -m tgbot`: run the bot. Exit code 2 and one line when it can't start."""

import asyncio
import sys

import uvloop

from okno.kit.errors import StartupError
from okno.kit.log import configure_logs, hide_tokens
from okno.settings import load_settings


def main() -> int:
    try:
        settings = load_settings()
        configure_logs(settings.log, service="okno-tgbot")
        # aiogram takes seconds to import: a missing setting is told before that.
        from tgbot.app import run_until_signal  # noqa: PLC0415

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run_until_signal(settings))
    except StartupError as error:
        sys.stderr.write(f"okno: {hide_tokens(' '.join(str(error).split()))}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
