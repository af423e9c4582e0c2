"""`python -m api.manage` as an operator uses it: a process, a line, an exit code."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from api.manage import main
from okno.accounts.dto import Language
from okno.accounts.service import AuthenticationService, PasswordsService
from okno.assistant.scopes import CHAT
from okno.billing.scopes import BILLING
from okno.kit.actor import Actor, Role
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.environment import clean_environment
from sandbox.postgres import create_database
from tests.conftest import ROOT
from tests.support.bank import Bank
from tests.support.identities import LAPTOP
from tests.support.secrets import SECRETS
from tests.support.service_keys import ServiceKeys

Variables = dict[str, str]


@pytest.fixture
def variables(environment: Variables) -> Variables:
    """The variables of the program: it needs no language model and no secret of the API."""
    needless = ("YANDEXGPT_", "OPENAI_", "LLM_", "JWT_")
    kept = {name: value for name, value in environment.items() if not name.startswith(needless)}
    return {**clean_environment(), **kept}


@pytest.fixture
async def bank(settings: Settings, clean: None) -> AsyncIterator[Bank]:
    """Another process that goes on meanwhile."""
    bank = Bank(settings)
    yield bank
    await bank.close()


@dataclass(frozen=True)
class Ended:
    """The exit code of the program and its output."""

    code: int
    out: str
    error: str


async def manage(variables: Variables, *arguments: str | Path) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.manage", *arguments),
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, error = await process.communicate()
    assert process.returncode is not None
    ended = Ended(process.returncode, out.decode(), error.decode())
    assert not any(secret in ended.out + ended.error for secret in SECRETS)
    return ended


def pem(keys: ServiceKeys, folder: Path) -> Path:
    file = folder / f"{keys.id}.pem"
    file.write_text(keys.pem)
    return file


async def audited(bank: Bank) -> list[tuple[str, int | None]]:
    async with (await bank.container.get(Engine)).connect() as connection:
        rows = await connection.execute(text("SELECT action, status FROM audit_log ORDER BY at"))
        return [(action, status) for action, status in rows]


@pytest.mark.slow
async def test_the_life_of_a_service(bank: Bank, variables: Variables, tmp_path: Path) -> None:
    old, new = ServiceKeys(), ServiceKeys()
    authentication = await bank.container.get(AuthenticationService)

    registered = await manage(
        variables,
        *("register-service", "shop", "--scopes", "chat, billing"),
        *("--public-key", pem(old, tmp_path)),
    )
    assert (registered.code, registered.error) == (0, "")
    assert registered.out == f"service shop has the id 1, its key {old.id}\n"
    principal = await authentication.authenticate(old.assertion("shop"))
    assert principal.actor.scopes == {CHAT, BILLING}

    added = await manage(variables, "add-service-key", "shop", "--public-key", pem(new, tmp_path))
    assert (added.code, added.out) == (0, f"service shop has the key {new.id}, too\n")
    revoked = await manage(variables, "revoke-service-key", "shop", old.id)
    assert (revoked.code, revoked.out) == (0, f"service shop has the key {old.id} no more\n")
    await authentication.authenticate(new.assertion("shop"))
    again = await manage(variables, "revoke-service-key", "shop", old.id)
    assert (again.code, again.out) == (1, "")
    assert again.error == "okno: The service has no such key, or it was revoked.\n"

    assert await audited(bank) == [
        ("manage register-service", 200),
        ("manage add-service-key", 200),
        ("manage revoke-service-key", 200),
        ("manage revoke-service-key", 404),
    ]


@pytest.mark.slow
async def test_an_administrator_is_made_and_is_one_with_the_next_request(
    bank: Bank, variables: Variables
) -> None:
    authentication = await bank.container.get(AuthenticationService)
    passwords = await bank.container.get(PasswordsService)
    sign_in = await passwords.register("Anna", "a window to the sea", LAPTOP, Language.EN)
    assert (await authentication.authenticate(sign_in.token)).actor.role is Role.USER

    made = await manage(variables, "make-admin", "anna")

    assert (made.code, made.out) == (0, "user 1 is an administrator now\n")
    actor = (await authentication.authenticate(sign_in.token)).actor
    assert actor == Actor(Role.ADMIN, sign_in.user_id)


@pytest.mark.slow
async def test_an_administrator_is_made_by_telegram_id(bank: Bank, variables: Variables) -> None:
    await bank.register(7001)

    assert (await manage(variables, "make-admin", "7001")).code == 0
    assert await bank.scalar("SELECT role FROM users") == "admin"


@pytest.mark.slow
async def test_a_new_jwt_key_signs_and_what_the_old_one_has_signed_stays_good(
    bank: Bank, settings: Settings, variables: Variables
) -> None:
    passwords = await bank.container.get(PasswordsService)
    old = await passwords.register("anna", "a window to the sea", LAPTOP, Language.EN)

    assert (await manage(variables, "rotate-jwt-key")).code == 0

    started_later = Bank(settings)
    for process in (bank, started_later):
        process.clock.ahead += timedelta(seconds=15)
    passwords = await started_later.container.get(PasswordsService)
    new = await passwords.sign_in("anna", "a window to the sea", LAPTOP)
    assert old.token.partition(".")[0] != new.token.partition(".")[0]
    for process in (bank, started_later):
        authentication = await process.container.get(AuthenticationService)
        for token in (old.token, new.token):
            assert (await authentication.authenticate(token)).actor.user_id == old.user_id
    await started_later.close()


@pytest.mark.slow
async def test_what_can_not_be_done_is_said_in_one_line(bank: Bank, variables: Variables) -> None:
    refused = await manage(variables, "revoke-service-key", "shop", "x")

    assert (refused.code, refused.out) == (1, "")
    assert refused.error == "okno: There is no such service.\n"
    assert await audited(bank) == [("manage revoke-service-key", 404)]


@pytest.mark.slow
async def test_a_private_key_is_not_taken(bank: Bank, variables: Variables, tmp_path: Path) -> None:
    file = tmp_path / "private.pem"
    file.write_text("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n")

    refused = await manage(
        variables, "register-service", "shop", "--scopes", "chat", "--public-key", file
    )

    assert (refused.code, refused.out) == (1, "")
    assert refused.error == "okno: This is no Ed25519 public key in PEM form.\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"POSTGRES_DB": "unmigrated"}, "run `make migrate`"),
        ({"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "9"}, "Redis does not answer"),
        ({"POSTGRES_HOST": ""}, "POSTGRES_HOST is missing"),
    ],
    ids=str,
)
async def test_what_keeps_it_from_starting_is_said_in_one_line(
    bank: Bank, variables: Variables, wrong: Variables, reason: str
) -> None:
    create_database(Path(variables["POSTGRES_HOST"]), "unmigrated")

    ended = await manage({**variables, **wrong}, "rotate-jwt-key")

    assert (ended.code, ended.out) == (2, "")
    (line,) = ended.error.splitlines()
    assert line.startswith("okno: ")
    assert reason in line


@pytest.mark.slow
async def test_a_file_that_is_not_there_is_named(bank: Bank, variables: Variables) -> None:
    ended = await manage(variables, "add-service-key", "shop", "--public-key", "/nowhere.pem")

    assert ended.code == 2
    (line,) = ended.error.splitlines()
    assert "/nowhere.pem" in line


@pytest.mark.parametrize(
    "arguments",
    [(), ("dance",), ("make-admin",), ("register-service", "shop", "--scopes", "all")],
    ids=str,
)
def test_a_wrong_command_shows_how_it_is_used(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m api.manage")
