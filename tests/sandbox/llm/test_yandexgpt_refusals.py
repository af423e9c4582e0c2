"""Requests that YandexGPT refuses, and its words for it."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.llm import LanguageModelEmulator, Outcome
from tests.sandbox.llm.clients import YandexGpt

Change = Callable[[dict[str, Any]], object]


async def test_a_wrong_key(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    for headers in (
        {},
        {"Authorization": "Api-Key wrong"},
        {"Authorization": "Bearer demo-key"},
        {"Authorization": "demo-key"},
    ):
        yandexgpt.headers = headers
        assert await yandexgpt.refused(yandexgpt.body("Hi")) == (
            401,
            {
                "grpcCode": 16,
                "httpCode": 401,
                "message": "Unknown api key",
                "httpStatus": "Unauthorized",
                "details": [],
            },
        )
    assert {(kept.status, kept.outcome) for kept in models.requests()} == {(401, Outcome.REFUSED)}


@pytest.mark.parametrize(
    ("uri", "status", "code"),
    [
        ("gpt://other/yandexgpt-lite/latest", 403, 7),
        ("gpt://demo/yandexgpt-max/latest", 404, 5),
        ("gpt://demo/yandexgpt/newest", 404, 5),
        ("yandexgpt-lite", 400, 3),
    ],
)
async def test_a_wrong_address_of_a_model(
    yandexgpt: YandexGpt, uri: str, status: int, code: int
) -> None:
    got, error = await yandexgpt.refused({**yandexgpt.body("Hi"), "modelUri": uri})
    assert (got, error["httpCode"], error["grpcCode"]) == (status, status, code)


async def test_a_folder_of_others_in_the_header(yandexgpt: YandexGpt) -> None:
    yandexgpt.headers["x-folder-id"] = "other"
    status, error = await yandexgpt.refused(yandexgpt.body("Hi"))
    assert (status, error["grpcCode"]) == (403, 7)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("modelUri"),
        lambda body: body.pop("messages"),
        lambda body: body.update(messages=[]),
        lambda body: body["messages"][0].update(role="robot"),
        lambda body: body["messages"][0].update(text=""),
        lambda body: body["messages"][0].update(text=7),
        lambda body: body["messages"][0].pop("text"),
        lambda body: body["completionOptions"].update(temperature=1.1),
        lambda body: body["completionOptions"].update(temperature=-0.1),
        lambda body: body["completionOptions"].update(maxTokens="0"),
        lambda body: body["completionOptions"].update(maxTokens="many"),
        lambda body: body["completionOptions"].update(maxTokens=99_999),
    ],
)
async def test_an_invalid_body(yandexgpt: YandexGpt, change: Change) -> None:
    body = yandexgpt.body("Hi")
    change(body)
    status, error = await yandexgpt.refused(body)
    assert (status, error["grpcCode"], error["httpStatus"]) == (400, 3, "Bad Request")
    assert error["message"]


async def test_a_body_that_is_no_object(yandexgpt: YandexGpt) -> None:
    status, error = await yandexgpt.refused([])
    assert (status, error["grpcCode"]) == (400, 3)


async def test_a_prompt_longer_than_the_context(yandexgpt: YandexGpt) -> None:
    status, error = await yandexgpt.refused(yandexgpt.body("word " * 40_000))
    assert (status, error["grpcCode"]) == (400, 3)
    assert "32768" in error["message"]
