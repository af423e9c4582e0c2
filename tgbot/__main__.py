"""Run the bot: `python -m tgbot`. When it can't start, it prints one line and exits with code 2."""

import sys
from collections.abc import Coroutine
from typing import Any

from okno.kit.log import configure_logs
from okno.kit.program import run_program
from okno.kit.settings import LogSettings
from okno.settings import load_settings
from tgbot.config import SECTIONS


def begin() -> Coroutine[Any, Any, None]:
    settings = load_settings(*SECTIONS)
    configure_logs(settings[LogSettings], service="okno-tgbot")
    # The import of aiogram takes seconds: a missing setting is reported before it.
    from tgbot.app import run_until_signal  # noqa: PLC0415

    return run_until_signal(settings)


if __name__ == "__main__":
    sys.exit(run_program(begin))
