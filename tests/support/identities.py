"""Web accounts, and requests over HTTP that users of the bot confirm."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from okno.accounts.dto import Device
from okno.accounts.service import ConfirmationsService
from okno.kit.actor import Actor, Role
from okno.kit.db import Engine
from tests.support.bank import Bank

LAPTOP = Device("203.0.113.7", "Firefox on a laptop")


async def web_account(bank: Bank, login: str = "anna") -> Actor:
    """Make a user with a login, without the time that a password takes."""
    statement = text(
        "INSERT INTO users (login, username, password_hash, first_name, language, "
        "registered_at, last_seen_at) VALUES (:login, :login, 'x', :login, 'en', now(), now()) "
        "RETURNING id"
    )
    async with (await bank.container.get(Engine)).begin() as connection:
        return Actor(
            Role.USER, (await connection.execute(statement, {"login": login})).scalar_one()
        )


@asynccontextmanager
async def confirmations(bank: Bank) -> AsyncIterator[ConfirmationsService]:
    yield await bank.container.get(ConfirmationsService)
