"""Every known refusal of a provider, and the error that it becomes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okno.llm.errors import (
    ModelAccessDenied,
    ModelBusy,
    ModelCrowded,
    ModelError,
    ModelKeyRefused,
    ModelNotFound,
    ModelRequestRefused,
    ModelStreamBroken,
    ModelTimeout,
    ModelUnavailable,
)
from okno.llm.providers.refusal import read_refusal, refusal_in

GAUGE = (
    "ai.textGenerationCompletionSessionsCount.count gauge quota limit exceed: allowed 10 requests"
)
HOURLY = "ai.textGenerationRequestsPerHour.rate rate quota limit exceed: allowed 100 requests"
OUT_OF_MONEY = {"message": "You exceeded your current quota", "type": "insufficient_quota"}


def yandex(grpc: int, http: int, message: str = "no") -> dict[str, Any]:
    return {"error": {"grpcCode": grpc, "httpCode": http, "message": message, "details": []}}


def refuse(status: int, body: object = None, retry_after: str | None = None) -> ModelError:
    return read_refusal(status, json.dumps(body).encode(), retry_after).error()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (307, ModelUnavailable),
        (400, ModelRequestRefused),
        (401, ModelKeyRefused),
        (402, ModelAccessDenied),
        (403, ModelAccessDenied),
        (404, ModelNotFound),
        (408, ModelTimeout),
        (413, ModelRequestRefused),
        (418, ModelRequestRefused),
        (422, ModelRequestRefused),
        (429, ModelBusy),
        (500, ModelUnavailable),
        (502, ModelUnavailable),
        (503, ModelUnavailable),
        (504, ModelTimeout),
    ],
)
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Bad gateway</html>", b'{"error": "no"}', b'["no"]', b"\xff", b"{" * 9_999],
    ids=["empty", "html", "text", "list", "no utf-8", "no json"],
)
def test_a_status_means_the_same_with_any_body(
    status: int, error: type[ModelError], body: bytes
) -> None:
    refusal = read_refusal(status, body, None)
    assert isinstance(refusal.error(), error)
    assert len(refusal.message) <= 500


def test_the_two_limits_are_told_apart() -> None:
    assert isinstance(refuse(429, yandex(8, 429, GAUGE)), ModelCrowded)
    hourly = refuse(429, yandex(8, 429, HOURLY))
    assert isinstance(hourly, ModelBusy)
    assert hourly.values == {"seconds": 60}


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0.5", 60), ("soon", 60), ("-3", 60)])
def test_the_service_may_say_how_long_its_limit_lasts(header: str, seconds: int) -> None:
    assert refuse(429, {}, header).values == {"seconds": seconds}


def test_an_empty_account_is_no_limit_that_passes() -> None:
    assert isinstance(refuse(429, {"error": OUT_OF_MONEY}), ModelAccessDenied)


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (yandex(14, 503), ModelUnavailable),
        (yandex(8, 429, HOURLY), ModelBusy),
        (yandex(8, 429, GAUGE), ModelCrowded),
        ({"error": {"grpc_code": 16, "message": "expired"}}, ModelKeyRefused),
        ({"code": 7, "message": "denied", "details": []}, ModelAccessDenied),
        ({"error": {"httpCode": "504"}}, ModelTimeout),
        ({"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, ModelBusy),
        ({"error": {"message": "oops", "type": "server_error", "code": None}}, ModelUnavailable),
        ({"object": "error", "message": "too long", "code": 400}, ModelRequestRefused),
        ({"error": "something"}, ModelStreamBroken),
        ({"error": {"weird": True}}, ModelStreamBroken),
    ],
)
def test_a_refusal_within_a_stream_is_seen(frame: dict[str, Any], error: type[ModelError]) -> None:
    refusal = refusal_in(frame)
    assert refusal is not None
    assert isinstance(refusal.error(), error)


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"result": {"alternatives": []}},
        {"id": "1", "object": "chat.completion.chunk", "choices": [], "error": None},
    ],
)
def test_a_frame_of_an_answer_is_no_refusal(frame: dict[str, Any]) -> None:
    assert refusal_in(frame) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "code", "message", "type", "grpcCode", "httpCode", "status"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(JSON, st.integers(300, 599), st.none() | st.text())
def test_anything_in_a_body_is_some_refusal(
    body: object, status: int, retry_after: str | None
) -> None:
    assert isinstance(refuse(status, body, retry_after), ModelError)
    if isinstance(body, dict) and (refusal := refusal_in(body)) is not None:
        assert isinstance(refusal.error(), ModelError)
