"""API keys: made, seen, limited, revoked."""

import asyncio
from datetime import timedelta

import pytest

from okno.accounts.dto import ApiKey, NewApiKey
from okno.accounts.errors import (
    ApiKeyNotFound,
    NameEmpty,
    TokenInvalid,
    TooManyApiKeys,
    UserNotFound,
)
from okno.accounts.service import ApiKeysService
from okno.billing.errors import AmountInvalid
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Forbidden
from tests.support.front_door import FrontDoor, user


@pytest.fixture
async def anna(door: FrontDoor) -> int:
    return await door.meet_in_telegram()


async def create(
    door: FrontDoor, user_id: int, name: str = "Notebook", limit: int | None = None
) -> NewApiKey:
    async with door.use(ApiKeysService) as keys:
        return await keys.create(user(user_id), name, limit)


async def keys_of(door: FrontDoor, user_id: int) -> tuple[ApiKey, ...]:
    async with door.use(ApiKeysService) as keys:
        return await keys.list(user(user_id))


async def revoke(door: FrontDoor, user_id: int, key_id: int) -> None:
    async with door.use(ApiKeysService) as keys:
        await keys.revoke(user(user_id), key_id)


async def test_the_secret_is_shown_once_and_stored_as_a_hash(door: FrontDoor, anna: int) -> None:
    made = await create(door, anna)

    assert made.secret.startswith(made.key.hint)
    assert len(made.key.hint) == len("okno_") + 6
    stored = await door.scalar("SELECT api_keys::text FROM api_keys")
    assert made.secret not in stored
    assert made.secret.removeprefix("okno_") not in stored
    assert await keys_of(door, anna) == (made.key,)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  My \n notebook ", "My notebook"),
        ("ж" * 100, "ж" * 64),
        ("a\0b", "a b"),
        ("\u202etxt", "txt"),
        ("half \ud800 pair", "half pair"),
    ],
    ids=ascii,
)
async def test_a_name_is_one_line_that_can_be_seen(
    door: FrontDoor, anna: int, name: str, shown: str
) -> None:
    assert (await create(door, anna, name)).key.name == shown


@pytest.mark.parametrize("name", ["", "  ", "\n", "\0", "\u200b\u2060"], ids=ascii)
async def test_a_name_that_can_not_be_seen_is_refused(
    door: FrontDoor, anna: int, name: str
) -> None:
    with pytest.raises(NameEmpty):
        await create(door, anna, name)


async def test_a_revoked_key_is_refused_at_once_everywhere(
    door: FrontDoor, other_door: FrontDoor, anna: int
) -> None:
    made, kept = await create(door, anna), await create(door, anna)
    for one in (door, other_door):
        await one.authenticate(made.secret)
        await one.authenticate(kept.secret)

    await revoke(door, anna, made.key.id)

    for one in (door, other_door, door):
        with pytest.raises(TokenInvalid):
            await one.authenticate(made.secret)
        await one.authenticate(kept.secret)
    assert [key.id for key in await keys_of(door, anna)] == [kept.key.id]
    with pytest.raises(ApiKeyNotFound):
        await revoke(door, anna, made.key.id)


async def test_somebody_elses_key_is_not_found(door: FrontDoor, anna: int) -> None:
    made = await create(door, anna)
    boris = await door.meet_in_telegram(7002)
    for key_id in (made.key.id, 404):
        with pytest.raises(ApiKeyNotFound):
            await revoke(door, boris, key_id)
    await door.authenticate(made.secret)
    assert await keys_of(door, boris) == ()


async def test_only_a_person_who_exists_has_keys(door: FrontDoor) -> None:
    with pytest.raises(UserNotFound):
        await create(door, 404)
    async with door.use(ApiKeysService) as keys:
        for use_case in (keys.create(SYSTEM, "x"), keys.list(SYSTEM), keys.revoke(SYSTEM, 1)):
            with pytest.raises(Forbidden):
                await use_case


async def test_a_user_has_twenty_keys_at_most_even_when_many_are_made_at_once(
    door: FrontDoor, other_door: FrontDoor, anna: int
) -> None:
    outcomes = await asyncio.gather(
        *(create(one, anna) for one in [door, other_door] * 12), return_exceptions=True
    )

    assert sum(isinstance(one, NewApiKey) for one in outcomes) == 20
    refused = [one for one in outcomes if isinstance(one, TooManyApiKeys)]
    assert [one.values for one in refused] == [{"most": 20}] * 4
    await revoke(door, anna, (await keys_of(door, anna))[0].id)
    await create(door, anna)
    await create(door, await door.meet_in_telegram(7002))


async def test_the_limit_of_a_key_is_kept_by_billing(door: FrontDoor, anna: int) -> None:
    limited, free = await create(door, anna, limit=1000), await create(door, anna)
    async with door.use(BillingService) as billing:
        budgets = await billing.budgets(user(anna), [limited.key.id, free.key.id])
    assert {key_id: budget.amount for key_id, budget in budgets.items()} == {limited.key.id: 1000}


@pytest.mark.parametrize("limit", [0, -1, 10**30])
async def test_a_limit_that_is_none_makes_no_key(door: FrontDoor, anna: int, limit: int) -> None:
    with pytest.raises(AmountInvalid):
        await create(door, anna, limit=limit)
    assert await keys_of(door, anna) == ()


async def test_the_last_use_is_noted_about_once_a_minute(door: FrontDoor, anna: int) -> None:
    made = await create(door, anna)
    assert made.key.used_at is None
    await door.authenticate(made.secret)
    (first,) = await keys_of(door, anna)
    assert first.used_at is not None
    await door.authenticate(made.secret)
    assert await keys_of(door, anna) == (first,)

    door.clock.ahead += timedelta(hours=1)
    await door.execute("UPDATE users SET role = 'admin'")
    await door.make_admin(7001)  # nothing is known of the user any more
    await door.authenticate(made.secret)

    (second,) = await keys_of(door, anna)
    assert second.used_at is not None
    assert second.used_at - first.used_at >= timedelta(hours=1)


async def test_a_deletion_ends_all_keys(door: FrontDoor, other_door: FrontDoor, anna: int) -> None:
    made = await create(door, anna, limit=10)
    await other_door.authenticate(made.secret)

    await door.delete(anna)

    for one in (door, other_door):
        with pytest.raises(TokenInvalid):
            await one.authenticate(made.secret)
    assert await door.scalar("SELECT count(*) FROM api_keys") == 0
