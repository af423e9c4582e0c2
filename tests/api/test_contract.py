"""schemathesis tries the whole contract, in its order and out of it, and finds nothing wrong.

On a desk it tries a few requests of each operation as a user; in CI all it can think of.
No answer is outside the contract and none is a fault of ours, whatever is sent, whoever asks.
"""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from api.rates import parse_rate
from okno.kit.actor import Role
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.api import Api
from tests.support.rounds import IS_CI
from tests.support.telegram_over_http import open_connected

HOOKS = "tests.support.schemathesis_hooks"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "use_after_free",
    "ignored_auth",
)
PASSWORD = "not the one of the examples"
PHASES = "examples,coverage,fuzzing,stateful" if IS_CI else "examples,fuzzing,stateful"
"""Coverage, which tries every boundary of every field, takes a minute: only CI waits for it."""
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "10" if IS_CI else "2")
"""Per operation; more of them for a longer look."""
REQUESTS_MIN = 1000 if IS_CI else 150
"""Fewer generated requests would mean that most of the contract was not tried."""
ROLES = [Role.ADMIN, Role.USER] if IS_CI else [Role.USER]
RATES: dict[str, Any] = {
    f"rate_{name}": parse_rate("1000000/minute")
    for name in ("user", "address", "sign_in", "register", "refresh", "confirmation")
}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
async def test_no_request_gets_an_answer_outside_the_contract(
    settings: Settings, clean: None, emulator: Emulator, role: Role, tmp_path: Path
) -> None:
    async with open_connected(settings, emulator, **RATES) as api:
        someone = await (
            api.make_admin(password=PASSWORD)
            if role is Role.ADMIN
            else api.register(password=PASSWORD)
        )
        code, output = await explore(api, someone.login, tmp_path)
    assert code == 0, output
    tried = re.search(r"(\d[\d,]*) generated", output)
    assert tried is not None, output
    assert int(tried[1].replace(",", "")) > REQUESTS_MIN


async def explore(api: Api, login: str, folder: Path) -> tuple[int, str]:
    """Run the phases of schemathesis; return its exit code and what it says."""
    command = (
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{api.address}/openapi.json"),
        *("--checks", ",".join(CHECKS)),
        *("--phases", PHASES, "--max-examples", EXAMPLES, "--seed", "1"),
        *("--no-color", "--warnings", "off"),
        *("--suppress-health-check", "all", "--request-timeout", "30"),
        *("--generation-database", "none"),
    )
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": HOOKS,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "OKNO_TESTED": api.address,
        "OKNO_LOGIN": login,
        "OKNO_PASSWORD": PASSWORD,
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode(errors="replace")
