"""Many at once, each on a connection of its own: nothing is sold twice, nothing ends twice."""

import asyncio
from datetime import timedelta

from okno.billing.dto import Hold
from okno.billing.errors import PaymentRequired
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Actor
from okno.kit.uow import UnitOfWork
from tests.support.bank import WELCOME, Bank, request
from tests.support.rounds import repeated


async def reserve(bank: Bank, actor: Actor, longest: int, shortest: int) -> Hold | None:
    async with bank.billing() as billing:
        try:
            return await billing.reserve(actor, request(longest, shortest))
        except PaymentRequired:
            return None


async def test_of_200_requests_at_once_exactly_those_pass_that_the_balance_pays_for(
    bank: Bank,
) -> None:
    anna = await bank.register()
    each = WELCOME // 10

    taken = await asyncio.gather(*(reserve(bank, anna, each, each) for _ in range(200)))

    assert len([hold for hold in taken if hold]) == 10
    async with bank.billing() as billing:
        balance = await billing.balance(anna)
    assert (balance.available, balance.held) == (0, WELCOME)


async def test_requests_that_shrink_share_the_balance_and_never_exceed_it(bank: Bank) -> None:
    anna = await bank.register()

    taken = await asyncio.gather(*(reserve(bank, anna, 3000, 500) for _ in range(60)))

    amounts = sorted(hold.amount for hold in taken if hold)
    assert amounts == [2000, *[3000] * 6]


async def test_requests_and_settlements_in_a_row_spend_the_balance_to_the_last_unit(
    bank: Bank,
) -> None:
    anna = await bank.register()

    async def ask() -> int:
        async with bank.billing() as billing:
            try:
                hold = await billing.reserve(anna, request(2000, 100))
            except PaymentRequired:
                return 0
        async with bank.billing() as billing:
            return await billing.settle(anna, hold.id, min(400, hold.amount), "x")

    charged = sum(await asyncio.gather(*(ask() for _ in range(40))))
    async with bank.billing() as billing:
        balance = await billing.balance(anna)
    assert balance.balance == WELCOME - charged
    assert (balance.held, balance.used_total) == (0, charged)


@repeated
async def test_settle_release_and_expiry_at_once_end_a_hold_once(
    bank: Bank, repetition: int
) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1000))
    bank.clock.ahead = timedelta(hours=1)

    async def settle(actor: Actor) -> int:
        async with bank.billing() as billing:
            return await billing.settle(actor, hold.id, 700, "x")

    async def release() -> int:
        async with bank.billing() as billing:
            await billing.release(anna, hold.id, "x")
        return 0

    async def expire() -> int:
        async with bank.billing() as billing:
            await billing.expire_holds(SYSTEM)
        return 0

    charges = await asyncio.gather(
        expire(), settle(anna), release(), settle(SYSTEM), expire(), settle(anna), release()
    )

    charged = sum(charges)
    assert charged in (0, 700)
    async with bank.billing() as billing:
        balance = await billing.balance(anna)
    assert (balance.balance, balance.held) == (WELCOME - charged, 0)


async def test_a_new_hold_and_the_end_of_an_old_one_in_one_transaction_block_nobody(
    bank: Bank,
) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        old = await billing.reserve(anna, request(1000))

    async def settle() -> int:
        async with bank.billing() as billing:
            return await billing.settle(anna, old.id, 700, "x")

    async with asyncio.TaskGroup() as group:
        billing = await bank.container.get(BillingService)
        async with (await bank.container.get(UnitOfWork)).begin():
            await billing.reserve(anna, request(500))
            settling = group.create_task(settle())
            while not await bank.scalar("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not settling.done()
            await billing.release(anna, old.id, "taken over")

    assert settling.result() == 0


async def test_the_first_requests_of_a_user_at_once_are_welcomed_once(bank: Bank) -> None:
    anna = await bank.register()

    async def look() -> int:
        async with bank.billing() as billing:
            return (await billing.balance(anna)).balance

    async def read() -> int:
        async with bank.billing() as billing:
            return (await billing.statement(anna, 0, 5)).items[0].balance_after

    async def hold() -> int:
        assert await reserve(bank, anna, 1000, 1000)
        return WELCOME

    seen = await asyncio.gather(*(use() for use in (look, read, hold) for _ in range(6)))

    assert set(seen) == {WELCOME}
    assert await bank.scalar("SELECT count(*) FROM ledger_entries") == 1


async def test_a_grant_repeated_at_once_is_booked_once(bank: Bank) -> None:
    anna = await bank.register()

    async def grant() -> int:
        async with bank.billing() as billing:
            return (await billing.grant(SYSTEM, anna.require_user(), 500, "update-1")).balance

    assert set(await asyncio.gather(*(grant() for _ in range(20)))) == {WELCOME + 500}


@repeated
async def test_a_deletion_among_requests_blocks_nobody(bank: Bank, repetition: int) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        holds = [await billing.reserve(anna, request(10)) for _ in range(10)]

    async def settle(hold: Hold) -> None:
        async with bank.billing() as billing:
            await billing.settle(anna, hold.id, 5, "x")

    async def ask() -> None:
        async with bank.billing() as billing:
            await billing.reserve(anna, request(10))

    done = await asyncio.gather(
        *(settle(hold) for hold in holds[:5]),
        bank.delete(anna),
        *(settle(hold) for hold in holds[5:]),
        *(ask() for _ in range(5)),
        return_exceptions=True,
    )

    assert {type(result).__name__ for result in done} <= {"NoneType", "UserNotFound"}
    for table in ("balances", "holds", "ledger_entries"):
        assert await bank.scalar(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - our tables
