"""All that refers to a user is moved, exported and deleted, or a reason says why it is not.

A new foreign key to `users` without a line here fails, as does a line that is not true.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from okno.accounts.service import ApiKeysService, ConfirmationsService, PersonalDataService
from okno.capabilities import CAPABILITIES
from okno.kit.actor import Actor
from okno.kit.capability import Capability
from okno.kit.db import Base, Engine
from okno.kit.redis import Redis
from okno.kit.settings import Settings
from tests.support.identities import LAPTOP, web_account
from tests.support.talk import Talk


@dataclass(frozen=True, slots=True)
class Fate:
    """`exported` names the rows in the exported file; `reason` says what is not done, and why."""

    is_moved: bool
    exported: str | None
    reason: str = ""


FATES = {
    "users.merged_into": Fate(is_moved=False, exported=None, reason="the joining itself sets it"),
    "api_keys.user_id": Fate(is_moved=True, exported="api_keys"),
    "sessions.user_id": Fate(
        is_moved=False, exported="sessions", reason="an account of the bot alone has none"
    ),
    "confirmations.user_id": Fate(
        is_moved=False, exported=None, reason="they are good for ten minutes"
    ),
    "conversations.user_id": Fate(is_moved=True, exported="conversations"),
    "preferences.user_id": Fate(
        is_moved=True, exported=None, reason="each conversation is exported with its choices"
    ),
    "asked_once.user_id": Fate(
        is_moved=True, exported=None, reason="fingerprints of requests, for a day"
    ),
    "generations.user_id": Fate(
        is_moved=False, exported=None, reason="none runs while accounts are joined"
    ),
    "balances.user_id": Fate(
        is_moved=False, exported="balance", reason="two entries move the units"
    ),
    "balances.merged_into": Fate(
        is_moved=False, exported=None, reason="the joining itself sets it"
    ),
    "ledger_entries.user_id": Fate(
        is_moved=False, exported="ledger", reason="an entry is never changed"
    ),
    "ledger_entries.created_by": Fate(
        is_moved=False, exported=None, reason="it tells who has booked, not whose it is"
    ),
    "payments.user_id": Fate(
        is_moved=True, exported=None, reason="the ledger has what each payment bought"
    ),
    "holds.user_id": Fate(
        is_moved=False, exported=None, reason="none is open while accounts are joined"
    ),
}
FILL = (
    """INSERT INTO asked_once (user_id, key, fingerprint, question_id, created_at)
    SELECT :user, 'key', 'x', id, now() FROM messages ORDER BY id LIMIT 1""",
    """INSERT INTO payments
    (charge_id, user_id, telegram_id, payload, stars, tokens, state, paid_at)
    VALUES ('charge', :user, 7001, 'x', 1, 0, 'paid', now())""",
)


def references() -> dict[str, str]:
    """Return the rule of deletion of every foreign key to `users`."""
    return {
        f"{table.name}.{key.parent.name}": key.ondelete or ""
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "users"
    }


def owner_of(table: str) -> Capability:
    """Return the capability in whose models the table stands."""
    [module] = {
        mapper.class_.__module__
        for mapper in Base.registry.mappers
        if mapper.class_.__tablename__ == table
    }
    [owner] = [one for one in CAPABILITIES if one.models and one.models.__name__ == module]
    return owner


@pytest.fixture
async def talk(settings: Settings, clean: None) -> AsyncIterator[Talk]:
    talk = Talk(settings)
    yield talk
    await talk.close()


@pytest.fixture
async def anna(talk: Talk) -> Actor:
    """Somebody of whom there is a row for all that can be moved."""
    anna = await talk.register(7001)
    await talk.say(anna, "echo: hello")
    await (await talk.container.get(ApiKeysService)).create(anna, "mine", 500)
    async with (await talk.container.get(Engine)).begin() as connection:
        for statement in FILL:
            await connection.execute(text(statement), {"user": anna.user_id})
    return anna


async def counts(talk: Talk, user: Actor) -> dict[str, int]:
    """Count the rows that refer to a user, by foreign key."""
    return {
        name: await talk.scalar(
            f"SELECT count(*) FROM {name.partition('.')[0]} "  # noqa: S608 - our own names
            f"WHERE {name.partition('.')[2]} = {user.user_id}"
        )
        for name in FATES
    }


def test_every_reference_to_a_user_has_a_fate() -> None:
    assert references().keys() == FATES.keys()
    for fate in FATES.values():
        assert fate.reason or (fate.is_moved and fate.exported)


@pytest.mark.parametrize("reference", FATES)
def test_the_capability_of_a_reference_keeps_personal_data(reference: str) -> None:
    assert owner_of(reference.partition(".")[0]).personal_data is not None
    assert references()[reference] in ("CASCADE", "SET NULL")


async def test_a_joining_leaves_nothing_behind_that_can_be_moved(talk: Talk, anna: Actor) -> None:
    moved = {name for name, fate in FATES.items() if fate.is_moved}
    before = await counts(talk, anna)
    assert all(before[name] for name in moved), "a table that is moved has no row to be moved"

    web = await web_account(talk)
    service = await talk.container.get(ConfirmationsService)
    link = await service.ask_for_joining(web, LAPTOP)
    asked = await service.open_link(anna, link.code)
    await service.decide(anna, asked.id, is_confirmed=True)

    left, got = await counts(talk, anna), await counts(talk, web)
    assert {name: left[name] for name in moved} == dict.fromkeys(moved, 0)
    assert {name: got[name] for name in moved} == {name: before[name] for name in moved}


async def test_the_export_has_all_that_is_said_to_be_in_it(talk: Talk, anna: Actor) -> None:
    data = json.loads(await (await talk.container.get(PersonalDataService)).export(anna))
    exported = {fate.exported for fate in FATES.values() if fate.exported}
    assert exported <= data.keys()
    assert all(data[name] for name in exported - {"sessions"})


async def test_a_deletion_leaves_nothing_behind(talk: Talk, anna: Actor) -> None:
    redis = await talk.container.get(Redis)
    assert await redis.keys(f"*question-context*{anna.user_id}*")

    await (await talk.container.get(PersonalDataService)).delete(anna)

    assert await counts(talk, anna) == dict.fromkeys(FATES, 0)
    assert not await redis.keys(f"*question-context*{anna.user_id}*")
