"""`python -m api`: run the HTTP API. Exit code 2 and one line when it can't start."""

import sys
from collections.abc import Coroutine
from typing import Any

from api.config import ApiSettings, load_api_settings
from okno.accounts.config import IdentitySettings
from okno.kit.log import configure_logs
from okno.kit.program import run_program
from okno.kit.settings import LogSettings


def begin() -> Coroutine[Any, Any, None]:
    settings = load_api_settings()
    settings[IdentitySettings].require_secret()
    configure_logs(settings[LogSettings], service="okno-api")
    # FastAPI and the routes take seconds to import. A missing setting is reported before that, and
    # the supervisor never needs them.
    if settings[ApiSettings].workers > 1:
        from api.supervision.supervisor import run_until_signal  # noqa: PLC0415
    else:
        from api.process import run_until_signal  # noqa: PLC0415
    return run_until_signal(settings)


if __name__ == "__main__":
    sys.exit(run_program(begin))
