"""The metrics have stable names and no users in them."""

import asyncio

import pytest
from structlog.testing import capture_logs

from api import gauges as gauges_module
from api.activity import Activity
from api.gauges import Gauges
from api.metrics import ACTIVE_USERS, BALANCE_UNITS
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.metrics import REGISTRY, render_metrics
from okno.kit.redis import Redis
from okno.kit.settings import RedisSettings, Settings
from tests.support.api import Api, open_api
from tests.support.probe import probe
from tests.support.wait import until


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_requests_are_counted_by_the_template_of_their_route(probed: Api) -> None:
    anna = await probed.register()
    labels = {"method": "POST", "route": "/probe/admin/{userId}", "status": "403"}
    times = {"method": "POST", "route": "/probe/admin/{userId}"}
    before = value("okno_http_requests_total", **labels)
    sizes = value("okno_http_response_bytes_sum", **times)

    reply = await probed.post("/probe/admin/4711", {}, anna.token)

    assert value("okno_http_requests_total", **labels) == before + 1
    assert value("okno_http_request_seconds_count", **times) >= 1
    size = value("okno_http_response_bytes_sum", **times) - sizes
    assert size == int(reply.headers["Content-Length"])
    assert value("okno_http_requests_in_flight") == 0


async def test_problems_are_counted_by_status_and_code(probed: Api) -> None:
    labels = {"status": "404", "code": "route-not-found"}
    before = value("okno_http_problems_total", **labels)

    await probed.get("/nowhere")
    await probed.get("/elsewhere")

    assert value("okno_http_problems_total", **labels) == before + 2
    assert b"nowhere" not in render_metrics(), "anybody could make any number of labels"


async def test_a_method_that_nobody_knows_makes_no_label(probed: Api) -> None:
    await probed.request("PROPFIND", "/health")

    assert b"PROPFIND" not in render_metrics()
    assert value("okno_http_requests_total", method="OTHER", route="/health", status="405") >= 1


async def test_active_users_are_counted_once(settings: Settings, probed: Api) -> None:
    anna, boris = await probed.register(), await probed.register()
    for token in (anna.token, anna.token, boris.token):
        await probed.get("/probe/chat", token)
    async with open_api(settings, routes=probe, url=probed.address) as other:
        await other.get("/probe/chat", anna.token)
        await (await other.container.get(Activity)).flush()

        await (await probed.container.get(Gauges)).update()

    assert value("okno_active_users") == 2
    ACTIVE_USERS.set(0)


async def test_balances_are_looked_through_once_a_minute_and_shown_by_every_process(
    settings: Settings, probed: Api
) -> None:
    for balance in (100, 200, 600):
        await set_balance(probed, balance)
    async with open_api(settings) as other:
        await (await probed.container.get(Gauges)).update()
        assert shown_balances() == (300, 200)

        await set_balance(probed, 900)
        BALANCE_UNITS.clear()
        gauges = await other.container.get(Gauges)
        await gauges.update()
        assert shown_balances() == (300, 200), "it is the turn of nobody yet"

        await (await probed.container.get(Redis)).delete("okno:spread-turn")
        await gauges.update()
        assert shown_balances() == (450, 400)


async def set_balance(api: Api, amount: int) -> None:
    """Register a user with this number of units."""
    someone = await api.register()
    billing = await api.container.get(BillingService)
    await billing.set_balance(SYSTEM, someone.user_id, amount, f"test:{someone.id}")


def shown_balances() -> tuple[float, float]:
    return (
        value("okno_balance_units", statistic="mean"),
        value("okno_balance_units", statistic="median"),
    )


async def test_an_outage_does_not_end_the_updates(
    settings: Settings, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauges_module, "PERIOD_SECONDS", 0.001)
    nowhere = settings[RedisSettings].model_copy(update={"host": "127.0.0.1", "port": 9})
    with capture_logs() as logged:
        async with open_api(settings.replaced(nowhere)) as api, asyncio.TaskGroup() as tasks:
            updating = tasks.create_task((await api.container.get(Gauges)).run())
            await until(lambda: len(logged) > 1, "a second attempt")
            updating.cancel()
    assert {line["event"] for line in logged} == {"not measured"}
