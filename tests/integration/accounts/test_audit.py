"""The audit log: before and after, complete, and no entry harms another."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import event

from okno.accounts.dto import AuditRecord
from okno.accounts.service import AuditService
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.db import Engine
from okno.kit.settings import Settings
from tests.support.bank import Bank

CHIEF = Actor(Role.ADMIN, 1)
RECORD = AuditRecord(
    actor=CHIEF,
    action="set_balance",
    target_id=17,
    address="203.0.113.7",
    request_id="r-1",
    details={"amount": 500},
)


@pytest.fixture
async def bank(settings: Settings, clean: None) -> AsyncIterator[Bank]:
    bank = Bank(settings)
    yield bank
    await bank.close()


@pytest.fixture
async def audit(bank: Bank) -> AuditService:
    return await bank.container.get(AuditService)


async def test_an_entry_is_there_before_and_has_its_status_after(audit: AuditService) -> None:
    entry_id = await audit.record(RECORD)
    (before,) = (await audit.list(CHIEF, 0, 10)).items
    assert (before.id, before.record, before.status) == (entry_id, RECORD, None)

    await audit.finish(entry_id, 409)

    (after,) = (await audit.list(CHIEF, 0, 10)).items
    assert after == replace(before, status=409)


async def test_what_a_service_did_names_the_service(audit: AuditService) -> None:
    record = replace(RECORD, actor=Actor(Role.SERVICE, service_id=3), target_id=None)
    await audit.record(record)

    (entry,) = (await audit.list(SYSTEM, 0, 10)).items
    assert entry.record == record


async def test_the_newest_stand_first_and_pages_hold_all(audit: AuditService) -> None:
    ids = [await audit.record(RECORD) for _ in range(7)]
    pages = [await audit.list(CHIEF, number, 3) for number in range(3)]

    assert [entry.id for page in pages for entry in page.items] == ids[::-1]
    assert {page.total for page in pages} == {7}
    assert await audit.list(CHIEF, 99, 3) == pages[2]
    assert await audit.list(CHIEF, -1, 3) == pages[0]


async def test_many_at_once_share_few_commits(bank: Bank, audit: AuditService) -> None:
    commits = 0

    def note(_connection: object) -> None:
        nonlocal commits
        commits += 1

    engine = await bank.container.get(Engine)
    event.listen(engine.sync_engine, "commit", note)
    ids = await asyncio.gather(*(audit.record(RECORD) for _ in range(100)))
    await asyncio.gather(*(audit.finish(one, 200) for one in ids))
    event.remove(engine.sync_engine, "commit", note)

    assert commits <= 6
    assert await bank.scalar("SELECT count(*) FROM audit_log WHERE status = 200") == 100


async def test_one_that_can_not_be_stored_harms_no_other(bank: Bank, audit: AuditService) -> None:
    bad = replace(RECORD, target_id=10**30)
    outcomes = await asyncio.gather(
        *(audit.record(bad if number == 5 else RECORD) for number in range(10)),
        return_exceptions=True,
    )

    assert [number for number, one in enumerate(outcomes) if not isinstance(one, UUID)] == [5]
    assert await bank.scalar("SELECT count(*) FROM audit_log") == 9


@pytest.mark.parametrize(
    ("details", "stored"),
    [
        ({"name": "a\0b\ud800c"}, {"name": "ab?c"}),
        ({"\0": ["x\0", {"y": "\0"}]}, {"": ["x", {"y": ""}]}),
        ({"n": float("nan"), "x": 1.5}, {"n": "nan", "x": 1.5}),
        ({"n": 1, "none": None, "yes": True}, {"n": 1, "none": None, "yes": True}),
    ],
    ids=["text", "nested", "no number", "other"],
)
async def test_whatever_json_can_bring_is_stored(
    audit: AuditService, details: dict[str, Any], stored: dict[str, Any]
) -> None:
    long = replace(RECORD, action="x" * 99, address="y" * 99, request_id="z" * 99, details=details)
    await audit.record(long)

    (entry,) = (await audit.list(CHIEF, 0, 1)).items
    assert entry.record.details == stored
    assert (entry.record.action, entry.record.address) == ("x" * 64, "y" * 64)


async def test_an_end_that_can_not_be_written_down_fails_nobody(audit: AuditService) -> None:
    with structlog.testing.capture_logs() as logs:
        await audit.finish(uuid4(), 10**9)

    assert [line["event"] for line in logs] == ["end not written into the audit log"]


async def test_only_administrators_read_it(audit: AuditService) -> None:
    for actor in (Actor(Role.USER, 1), Actor(Role.SERVICE, service_id=1)):
        with pytest.raises(Forbidden):
            await audit.list(actor, 0, 10)
