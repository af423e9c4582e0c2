"""The API reports when it cannot work."""

import asyncio

import pytest

from okno.kit.health import Health, HealthChecks
from okno.kit.settings import PostgresSettings, RedisSettings, Section, Settings
from tests.support.api import Api, open_api


async def test_the_servers_are_not_asked_by_everybody(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = 0
    run = HealthChecks.run

    async def counted(checks: HealthChecks) -> list[Health]:
        nonlocal runs
        runs += 1
        return await run(checks)

    monkeypatch.setattr(HealthChecks, "run", counted)
    replies = await asyncio.gather(*(api.get("/health") for _ in range(50)))

    assert {reply.status for reply in replies} == {200}
    assert runs == 1


async def test_all_is_well(api: Api) -> None:
    reply = await api.get("/health")

    assert (reply.status, reply.body["status"]) == (200, "ok")
    checks = {check["name"]: check for check in reply.body["checks"]}
    assert checks.keys() == {"postgres", "redis"}
    assert all(check["ok"] and check["latencyMs"] >= 0 for check in checks.values())


@pytest.mark.parametrize(
    ("server", "section"), [("postgres", PostgresSettings), ("redis", RedisSettings)]
)
async def test_what_does_not_answer_is_named(
    settings: Settings, clean: None, server: str, section: type[Section]
) -> None:
    nowhere = settings[section].model_copy(update={"host": "127.0.0.1", "port": 9})
    async with open_api(settings.replaced(nowhere)) as api:
        reply = await api.get("/health")

    assert (reply.status, reply.body["status"]) == (503, "unavailable")
    assert [check["name"] for check in reply.body["checks"] if not check["ok"]] == [server]
