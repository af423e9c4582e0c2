"""`python -m api.manage`: commands for operators.

They make administrators, register services and their keys, and rotate the key that signs access
tokens. They need PostgreSQL and Redis. Exit codes: 0 done, 1 refused, 2 can't start.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from dishka import AsyncContainer

from api.errors import status_of
from api.texts import load_texts
from okno.accounts.dto import AuditRecord, Language
from okno.accounts.service import AccountsService, AuditService, JwtKeysService, ServicesService
from okno.capabilities import SCOPES
from okno.kit.actor import SYSTEM, Scope
from okno.kit.errors import OknoError, StartupError
from okno.kit.log import configure_logs
from okno.kit.program import run_program
from okno.kit.settings import LogSettings, Settings
from okno.program import running_services
from okno.settings import load_settings

REFUSED = 1
DONE = 200
"""The status of a successful command in the audit log, as over HTTP."""
_REASONS: Final = {"user-not-found": "problem-user-not-found"}
"""Texts that replace those with commands of the bot."""

Command = Callable[[AsyncContainer, Namespace], Awaitable[str]]


def main(arguments: Sequence[str]) -> int:
    """Run the command; return the exit code."""
    options = _parser().parse_args(arguments, Namespace(arguments=arguments))
    try:
        return run_program(partial(_begin, options))
    except OknoError as error:
        key = _REASONS.get(error.code, f"error-{error.code}")
        reason = load_texts().get(Language.EN, key, error.values)
        sys.stderr.write(f"okno: {reason}\n")
        return REFUSED


def _begin(options: Namespace) -> Coroutine[Any, Any, None]:
    settings = load_settings()
    # The command prints its result in one line, and the audit log has it.
    quiet = settings[LogSettings].model_copy(update={"level": "WARNING"})
    configure_logs(quiet, service="okno-manage")
    return _run(settings, options)


async def _run(settings: Settings, options: Namespace) -> None:
    async with running_services(settings) as container:
        told = await _audited(container, options)
    sys.stdout.write(f"{told}\n")


async def _audited(container: AsyncContainer, options: Namespace) -> str:
    """Run the command, and record it in the audit log before and after."""
    audit = await container.get(AuditService)
    entry = await audit.record(
        AuditRecord(
            actor=SYSTEM,
            action=f"manage {options.command}",
            target_id=None,
            address="console",
            request_id="",
            details={"arguments": options.arguments},
        )
    )
    try:
        told: str = await options.run(container, options)
    except OknoError as error:
        await audit.finish(entry, status_of(error))
        raise
    await audit.finish(entry, DONE)
    return told


async def make_admin(container: AsyncContainer, options: Namespace) -> str:
    accounts = await container.get(AccountsService)
    account = await accounts.make_admin(SYSTEM, options.whom)
    return f"user {account.user_id} is an administrator now"


async def register_service(container: AsyncContainer, options: Namespace) -> str:
    services = await container.get(ServicesService)
    pem = _read(options.public_key)
    service = await services.register(SYSTEM, options.name, pem, options.scopes)
    return f"service {service.name} has the id {service.id}, its key {service.keys[0].id}"


async def add_service_key(container: AsyncContainer, options: Namespace) -> str:
    services = await container.get(ServicesService)
    pem = _read(options.public_key)
    service = await services.find(SYSTEM, options.name)
    key = await services.add_key(SYSTEM, service.id, pem)
    return f"service {service.name} has the key {key.id}, too"


async def revoke_service_key(container: AsyncContainer, options: Namespace) -> str:
    services = await container.get(ServicesService)
    service = await services.find(SYSTEM, options.name)
    await services.revoke_key(SYSTEM, service.id, options.key_id)
    return f"service {service.name} has the key {options.key_id} no more"


async def rotate_jwt_key(container: AsyncContainer, _options: Namespace) -> str:
    await (await container.get(JwtKeysService)).rotate(SYSTEM)
    return "a new key signs access tokens; what the old one has signed stays good till its end"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"the public key can't be read: {error}") from error


def _scopes(text: str) -> frozenset[Scope]:
    """Raise `ValueError` for a scope that does not exist."""
    return frozenset(SCOPES[SCOPES.index(Scope(name.strip()))] for name in text.split(","))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m api.manage", description="Okno at the console.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def add(name: str, run: Command, help_: str) -> ArgumentParser:
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(run=run)
        return command

    admin = add("make-admin", make_admin, "give somebody the role of an administrator")
    admin.add_argument("whom", metavar="login-or-Telegram-id")
    register = add("register-service", register_service, "let a program act for its users")
    more = add("add-service-key", add_service_key, "let a second key of a service be good")
    revoke = add("revoke-service-key", revoke_service_key, "let a key be good no more")
    add("rotate-jwt-key", rotate_jwt_key, "let a new key sign access tokens")
    for command in (register, more, revoke):
        command.add_argument("name", help="of the service")
    for command in (register, more):
        command.add_argument("--public-key", type=Path, required=True, metavar="file.pem")
    scopes = ",".join(SCOPES)
    register.add_argument("--scopes", type=_scopes, required=True, metavar=scopes)
    revoke.add_argument("key_id", metavar="key-id", help="as `register-service` has printed it")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
