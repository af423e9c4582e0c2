"""Budgets of API keys: a limit besides the balance, never exceeded, given back with the rest."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from okno.accounts.service import ApiKeysService
from okno.billing.dto import Balance, Budget, Hold, HoldRequest
from okno.billing.errors import AmountInvalid, BudgetSpent, PaymentRequired, TooManyGenerations
from okno.kit.actor import SYSTEM, Actor, Forbidden
from tests.support.bank import WELCOME, Bank, request
from tests.support.rounds import repeated

LIMIT = 5000


async def make_key(bank: Bank, actor: Actor, limit: int | None = LIMIT) -> int:
    keys = await bank.container.get(ApiKeysService)
    return (await keys.create(actor, "key", limit)).key.id


async def reserve(bank: Bank, actor: Actor, asked: HoldRequest, key: int | None = None) -> Hold:
    async with bank.billing() as billing:
        return await billing.reserve(actor, replace(asked, api_key_id=key))


async def budget(bank: Bank, actor: Actor, key: int) -> Budget | None:
    async with bank.billing() as billing:
        return (await billing.budgets(actor, [key])).get(key)


async def test_what_is_held_with_a_key_burdens_both_and_is_given_back(bank: Bank) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)
    settled = await reserve(bank, anna, request(1500), key)
    released = await reserve(bank, anna, request(500), key)
    assert await budget(bank, anna, key) == Budget(LIMIT, used=0, held=2000)

    async with bank.billing() as billing:
        assert await billing.settle(anna, settled.id, 400, "x") == 400
        await billing.release(anna, released.id, "x")
        assert await billing.balance(anna) == Balance(WELCOME - 400, 0, 400)
    assert await budget(bank, anna, key) == Budget(LIMIT, used=400, held=0)


async def test_a_hold_shrinks_to_what_the_key_may_spend(bank: Bank) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)

    hold = await reserve(bank, anna, request(9000, 100), key)

    assert (hold.amount, hold.max_tokens) == (LIMIT, LIMIT)


async def test_beyond_the_budget_it_is_refused_while_others_go_on(bank: Bank) -> None:
    anna = await bank.register()
    key, other = await make_key(bank, anna), await make_key(bank, anna)
    await reserve(bank, anna, request(LIMIT - 99), key)

    with pytest.raises(BudgetSpent) as refused:
        await reserve(bank, anna, request(500, 100), key)

    assert refused.value.values == {"available": 99, "needed": 100}
    await reserve(bank, anna, request(500), other)
    await reserve(bank, anna, request(500))


async def test_without_money_the_budget_does_not_matter(bank: Bank) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)
    await reserve(bank, anna, request(WELCOME))

    with pytest.raises(PaymentRequired):
        await reserve(bank, anna, request(500), key)


async def test_a_key_without_a_limit_has_no_budget(bank: Bank) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna, limit=None)

    await reserve(bank, anna, request(WELCOME), key)

    assert await budget(bank, anna, key) is None


async def test_of_many_at_once_exactly_those_pass_that_the_budget_pays_for(bank: Bank) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)

    outcomes = await asyncio.gather(
        *(reserve(bank, anna, request(1000), key) for _ in range(40)), return_exceptions=True
    )

    assert sum(isinstance(one, Hold) for one in outcomes) == 5
    assert {type(one) for one in outcomes if not isinstance(one, Hold)} == {BudgetSpent}
    assert await budget(bank, anna, key) == Budget(LIMIT, used=0, held=LIMIT)


async def test_an_expired_hold_is_given_back(bank: Bank) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)
    await reserve(bank, anna, request(LIMIT), key)
    bank.clock.ahead = timedelta(hours=1)

    async with bank.billing() as billing:
        assert await billing.expire_holds(SYSTEM) == 1

    assert await budget(bank, anna, key) == Budget(LIMIT, used=0, held=0)


async def test_a_limit_can_be_raised_lowered_and_lifted_but_not_below_what_is_spent(
    bank: Bank,
) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)
    hold = await reserve(bank, anna, request(3000), key)
    async with bank.billing() as billing:
        await billing.set_budget(SYSTEM, key, LIMIT + 1)
        assert await budget(bank, anna, key) == Budget(LIMIT + 1, used=0, held=3000)
        await billing.set_budget(SYSTEM, key, 10)
        assert await budget(bank, anna, key) == Budget(3000, used=0, held=3000)
        await billing.set_budget(SYSTEM, key, None)
        assert await budget(bank, anna, key) is None

        assert await billing.settle(anna, hold.id, 1000, "x") == 1000


@repeated
async def test_limits_lifted_among_requests_block_nobody(bank: Bank, repetition: int) -> None:
    anna = await bank.register()
    key = await make_key(bank, anna)
    holds = [await reserve(bank, anna, request(10), key) for _ in range(10)]

    async def settle(hold: Hold) -> None:
        async with bank.billing() as billing:
            await billing.settle(anna, hold.id, 5, "x")

    async def limit(amount: int | None) -> None:
        async with bank.billing() as billing:
            await billing.set_budget(SYSTEM, key, amount)

    await asyncio.gather(
        *(settle(hold) for hold in holds[:5]),
        limit(None),
        *(reserve(bank, anna, request(10), key) for _ in range(5)),
        limit(LIMIT),
        *(settle(hold) for hold in holds[5:]),
    )


async def test_only_the_system_sets_budgets_and_they_make_sense(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        with pytest.raises(Forbidden):
            await billing.set_budget(anna, 1, 10)
        for amount in (0, -1, 10**12 + 1):
            with pytest.raises(AmountInvalid):
                await billing.set_budget(SYSTEM, 1, amount)


async def test_no_more_holds_of_a_purpose_are_open_than_allowed(bank: Bank) -> None:
    anna = await bank.register()
    asked = replace(request(10), purpose="completion", max_open=3)
    for _ in range(3):
        await reserve(bank, anna, replace(request(10), purpose="other"))

    outcomes = await asyncio.gather(
        *(reserve(bank, anna, asked) for _ in range(20)), return_exceptions=True
    )

    taken = [one for one in outcomes if isinstance(one, Hold)]
    assert len(taken) == 3
    assert {type(one) for one in outcomes if one not in taken} == {TooManyGenerations}
    async with bank.billing() as billing:
        await billing.release(anna, taken[0].id, "x")
    await reserve(bank, anna, asked)


async def test_a_tentative_request_is_held_in_full_or_not_at_all(bank: Bank) -> None:
    anna = await bank.register()
    tentative = replace(request(WELCOME + 1, 1), is_tentative=True)

    with pytest.raises(PaymentRequired) as refused:
        await reserve(bank, anna, tentative)
    assert refused.value.values["needed"] == WELCOME + 1

    hold = await reserve(bank, anna, replace(request(WELCOME, 1), is_tentative=True))
    assert hold.amount == WELCOME


async def test_the_balances_are_averaged(bank: Bank) -> None:
    for telegram_id, amount in ((1, 0), (2, 100), (3, 1000)):
        actor = await bank.register(telegram_id)
        async with bank.billing() as billing:
            await billing.set_balance(SYSTEM, actor.require_user(), amount, "x")
            with pytest.raises(Forbidden):
                await billing.spread(actor)
    async with bank.billing() as billing:
        spread = await billing.spread(SYSTEM)
    assert spread.mean == pytest.approx(1100 / 3)
    assert spread.median == 100
