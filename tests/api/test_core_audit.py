"""The audit log has every action of administrators and services, before it and with its end."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from okno.accounts.dto import AuditEntry, AuditRecord
from okno.accounts.service import AuditService
from okno.assistant.scopes import CHAT
from okno.kit.actor import SYSTEM
from okno.kit.errors import TemporarilyUnavailable
from tests.support.api import Api
from tests.support.wait import TIMEOUT

AMOUNT = {"amount": 5, "message": "private", "password": "secret"}


async def entries(api: Api, count: int) -> list[AuditEntry]:
    """Return what was written down once the end of each, which comes after the answer, is too."""
    audit = await api.container.get(AuditService)
    async with asyncio.timeout(TIMEOUT):
        while True:
            found = (await audit.list(SYSTEM, 0, 100)).items
            if len(found) >= count and all(entry.status for entry in found):
                assert len(found) == count
                return list(found)
            await asyncio.sleep(0.01)


async def test_a_route_for_administrators(probed: Api) -> None:
    admin = await probed.make_admin()

    reply = await probed.post("/probe/admin/17?page=2", AMOUNT, admin.token)

    assert reply.status == 200
    [entry] = await entries(probed, 1)
    record = entry.record
    assert (record.actor.user_id, record.action, record.target_id) == (admin.user_id, "admin", 17)
    assert record.details == {"userId": "17", "amount": 5, "page": "2"}
    assert (record.address, record.request_id) == ("127.0.0.1", reply.headers["X-Request-ID"])
    assert entry.status == 200


async def test_what_was_refused_is_written_down_too(probed: Api) -> None:
    service = await probed.make_service(CHAT)

    reply = await probed.post("/probe/users", {"externalId": "7"}, service.assertion())

    assert reply.status == 403
    [entry] = await entries(probed, 1)
    assert entry.record.actor.service_id == service.service_id
    assert (entry.record.action, entry.record.details) == ("users", {"externalId": "7"})
    assert entry.status == 403


async def test_whom_a_service_acts_for(probed: Api) -> None:
    service = await probed.make_service()

    reply = await probed.get("/probe/context", service.assertion(), params={"userId": "17"})

    assert reply.status == 403, "17 is no user of this service"
    [entry] = await entries(probed, 1)
    assert (entry.record.target_id, entry.status) == (17, 403)


@pytest.mark.parametrize(
    ("body", "noted"),
    [({}, 0), ({"userId": "own"}, 0), ({"userId": "17"}, 1), ({"amount": 5}, 1)],
    ids=str,
)
async def test_administrators_are_people_too(
    probed: Api, body: Mapping[str, Any], noted: int
) -> None:
    admin = await probed.make_admin()
    told = {**body, "userId": admin.id} if body.get("userId") == "own" else body

    assert (await probed.post("/probe/topup", told, admin.token)).status == 200

    assert len(await entries(probed, noted)) == noted


async def test_users_are_not_watched(probed: Api) -> None:
    anna = await probed.register()

    assert (await probed.post("/probe/topup", AMOUNT, anna.token)).status == 200
    assert (await probed.post("/probe/admin/17", AMOUNT, anna.token)).status == 403

    assert await entries(probed, 0) == []


async def test_what_cannot_be_written_down_is_not_done(
    probed: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await probed.make_admin()

    async def fail(_self: AuditService, _record: AuditRecord) -> None:
        raise TemporarilyUnavailable

    monkeypatch.setattr(AuditService, "record", fail)
    reply = await probed.post("/probe/admin/17", AMOUNT, admin.token)

    assert (reply.status, reply.code) == (503, "unavailable")


@pytest.mark.parametrize("user_id", ["x", "-1", "１７", "9" * 30, 17, None, ["17"]])
async def test_a_target_that_is_none_harms_nobody(probed: Api, user_id: Any) -> None:
    service = await probed.make_service()

    reply = await probed.post("/probe/topup", {"userId": user_id}, service.assertion())

    assert reply.status == 200
    [entry] = await entries(probed, 1)
    assert entry.record.target_id is None


async def test_what_was_asked_for_nobody_is_listed_as_well(api: Api) -> None:
    admin = await api.make_admin()
    await api.get("/api/admin/user/0/dialogs", admin.token)

    listed = await api.get("/api/admin/audit", admin.token)

    assert listed.status == 200
    assert {entry["targetId"] for entry in listed.body["entries"]} == {None, "0"}


@pytest.mark.parametrize(
    "name", ["x" * 900_000, "[" * 400 + "]" * 400, '{"a":' * 400 + "1" + "}" * 400]
)
async def test_whatever_was_sent_is_readable_in_the_log(api: Api, name: str) -> None:
    service = await api.make_service()
    value = name if name[0] in "[{" else f'"{name}"'
    body = f'{{"externalId": "7", "name": {value}}}'

    refused = await api.request(
        "POST",
        "/api/users",
        token=service.assertion(),
        headers={"Content-Type": "application/json"},
        data=body,
    )
    listed = await api.get("/api/admin/audit", (await api.make_admin()).token)

    assert (refused.status, listed.status) == (400, 200)
    assert len(str(listed.body)) < 2_000
