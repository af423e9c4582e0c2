"""Billing on real PostgreSQL, with a clock that can be moved and a fake account of Stars."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dishka import Provider, Scope
from sqlalchemy import text

from okno.accounts.dto import TelegramProfile
from okno.accounts.service import AccountsService, PersonalDataService
from okno.billing.config import BillingSettings
from okno.billing.dto import EntryKind, HoldRequest, Price
from okno.billing.port import Stars
from okno.billing.service import BillingService, PaymentsService
from okno.billing.service.ledger import Ledger
from okno.billing.store.ledger import NewEntry
from okno.ioc import create_container
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.db import Engine
from okno.kit.settings import PostgresSettings, Settings
from okno.kit.uow import UnitOfWork
from tests.support.passwords import CheapPasswords
from tests.support.stars import FakeStars

WELCOME = 20_000
ONE = Price(Decimal(1), Decimal(1))

WRONG_BOOKS = text(
    """
    SELECT b.user_id, b.balance, b.held
    FROM balances b
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS amount FROM ledger_entries WHERE user_id = b.user_id
    ) AS ledger
    CROSS JOIN LATERAL (
        SELECT coalesce(-sum(amount), 0) AS used
        FROM ledger_entries JOIN balances AS own USING (user_id)
        WHERE kind = 'usage' AND coalesce(own.merged_into, own.user_id) = b.user_id
    ) AS usage
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS amount FROM holds WHERE user_id = b.user_id
    ) AS open
    WHERE b.balance < 0 OR b.held < 0 OR b.balance <> ledger.amount
       OR b.held <> open.amount OR b.used_total <> usage.used
    """
)
BROKEN_CHAIN = text(
    """
    SELECT id FROM (
        SELECT id, balance_after, sum(amount) OVER (PARTITION BY user_id ORDER BY id) AS expected
        FROM ledger_entries
    ) AS chain
    WHERE balance_after <> expected
    """
)


class MovableClock:
    """The machine's clock, put forward as far as a test wants."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Bank:
    """The services of billing, accounts and tokens, with a clock and Stars that tests can move."""

    def __init__(
        self, settings: Settings, *, connections: int = 10, welcome_tokens: int = WELCOME
    ) -> None:
        self.clock = MovableClock()
        self.stars = FakeStars()
        # On a busy machine the pool would give up sooner than the last of hundreds gets its turn.
        self._turns = asyncio.Semaphore(connections)
        surface = Provider(scope=Scope.APP)
        surface.provide(lambda: self.clock, provides=Clock)
        surface.provide(lambda: self.stars, provides=Stars)
        self.container = create_container(
            settings.replaced(
                settings[PostgresSettings].model_copy(update={"pool_size": connections}),
                settings[BillingSettings].model_copy(update={"welcome_tokens": welcome_tokens}),
            ),
            CheapPasswords(),
            surface,
        )

    async def close(self) -> None:
        await self.container.close()

    @asynccontextmanager
    async def billing(self) -> AsyncIterator[BillingService]:
        async with self._turns:
            yield await self.container.get(BillingService)

    @asynccontextmanager
    async def payments(self) -> AsyncIterator[PaymentsService]:
        async with self._turns:
            yield await self.container.get(PaymentsService)

    async def register(self, telegram_id: int = 7001) -> Actor:
        accounts = await self.container.get(AccountsService)
        return (await accounts.register(TelegramProfile(telegram_id, "Anna"))).actor

    async def delete(self, actor: Actor) -> None:
        await (await self.container.get(PersonalDataService)).delete(actor)

    async def book(self, actor: Actor, amount: int, key: str) -> None:
        """Add an entry to a user's ledger under any key, as no use case would."""
        uow, ledger = await self.container.get(UnitOfWork), await self.container.get(Ledger)
        async with uow.begin():
            await ledger.lock(actor.require_user())
            await ledger.book(NewEntry(actor.require_user(), amount, EntryKind.TOPUP, key))

    async def scalar(self, query: str) -> Any:
        async with (await self.container.get(Engine)).connect() as connection:
            return await connection.scalar(text(query))

    async def expect_correct_books(self) -> None:
        """Fail unless every balance is the sum of its entries, step by step, and of its holds."""
        async with (await self.container.get(Engine)).connect() as connection:
            assert (await connection.execute(WRONG_BOOKS)).all() == []
            assert (await connection.execute(BROKEN_CHAIN)).all() == []


def request(
    longest: int, shortest: int | None = None, price: Price = ONE, prompt: int = 0
) -> HoldRequest:
    """Make a request for an answer of so many tokens."""
    return HoldRequest(price, prompt, longest, longest if shortest is None else shortest, "test")
