"""Headers of every answer, and headers that every request may have."""

import logging

import pytest

from okno.kit.settings import Settings
from tests.support.api import Api, open_api
from tests.support.asking import lines
from tests.support.probe import probe

ORIGIN = "https://okno.example.org"


async def test_a_request_id_of_the_client_is_kept(
    probed: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    reply = await probed.get("/nowhere", headers={"X-Request-ID": "order-4711_a.b"})

    assert reply.headers["X-Request-ID"] == reply.body["requestId"] == "order-4711_a.b"
    assert lines(caplog, "request")[0]["request_id"] == "order-4711_a.b"


@pytest.mark.parametrize("unfit", ["short", "x" * 65, "with a space", "quote\"'}", "ключ-запроса"])
async def test_an_unfit_request_id_is_replaced(probed: Api, unfit: str) -> None:
    reply = await probed.get("/nowhere", headers={"X-Request-ID": unfit})

    assert len(reply.headers["X-Request-ID"]) == 32


async def test_every_request_has_an_id_of_its_own(probed: Api) -> None:
    ids = {(await probed.get("/nowhere")).headers["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/probe/fail"])
async def test_browsers_are_told_to_be_careful(probed: Api, path: str) -> None:
    headers = (await probed.get(path)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in headers
    assert "Server" not in headers


async def test_head_is_get_without_a_body(probed: Api) -> None:
    got = await probed.get("/probe/language")

    head = await probed.request("HEAD", "/probe/language")

    assert (head.status, head.body) == (200, "")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert (await probed.request("HEAD", "/nowhere")).status == 404


async def test_options_of_no_other_origin_are_a_wrong_method(probed: Api) -> None:
    reply = await probed.request("OPTIONS", "/probe/echo")

    assert reply.status == 405
    assert "Access-Control-Allow-Origin" not in reply.headers


async def test_pages_of_listed_origins_may_call(settings: Settings, clean: None) -> None:
    async with open_api(settings, routes=probe, cors_origins=frozenset({ORIGIN})) as api:
        asked = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
        }
        preflight = await api.request("OPTIONS", "/api/chat", headers=asked)
        assert preflight.status == 200
        assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Credentials" not in preflight.headers

        # A page can read refusals, too, wherever they come from.
        for path in ("/nowhere", "/probe/fail"):
            reply = await api.get(path, headers={"Origin": ORIGIN})
            assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert "RateLimit" in reply.headers["Access-Control-Expose-Headers"]

        other = {"Origin": "https://elsewhere.example.org"}
        assert (await api.request("OPTIONS", "/api/chat", headers={**asked, **other})).status == 400
        reply = await api.get("/nowhere", headers=other)
        assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9", "ru"),
        ("de, ru;q=0.5", "ru"),
        ("en;q=0.4, ru;q=0.6", "ru"),
        ("ru;q=0.4, en;q=0.6", "en"),
        ("ru;q=0, en;q=0.1", "en"),
        ("de", "en"),
        ("*", "en"),
        ("ru;q=lots", "en"),
        ("ru;level=1", "ru"),
        (";;,,=", "en"),
        ("", "en"),
    ],
)
async def test_the_language_is_the_one_that_the_client_likes_best(
    probed: Api, accepted: str, chosen: str
) -> None:
    assert (
        await probed.get("/probe/language", headers={"Accept-Language": accepted})
    ).body == chosen
