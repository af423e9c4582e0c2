"""YandexGPT's API byte by byte: what is sent, and every form in which an answer may come."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from okno.llm.config import YandexGptSettings
from okno.llm.dto import Chunk, Finish, Trace, Usage
from okno.llm.errors import (
    ModelAccessDenied,
    ModelKeyRefused,
    ModelStreamBroken,
    ModelUnavailable,
)
from okno.llm.providers.yandexgpt import YandexGpt
from tests.support.prompts import make_prompt
from tests.support.scripted_service import Service

PREFIX = "ALTERNATIVE_STATUS_"


def frame(text: str, status: str = "PARTIAL", *, tokens: int | str = "3", **more: Any) -> bytes:
    result = {
        "alternatives": [
            {"message": {"role": "assistant", "text": text}, "status": PREFIX + status}
        ],
        "usage": {"inputTextTokens": "28", "completionTokens": tokens, "totalTokens": "31"},
        "modelVersion": "06.12.2023",
        **more,
    }
    return json.dumps({"result": result}).encode() + b"\n"


@pytest.fixture
async def gpt(service: Service) -> AsyncIterator[YandexGpt]:
    provider = make(service, api_key=SecretStr("key-of-an-account"))
    yield provider
    await provider.close()


def make(service: Service, **settings: Any) -> YandexGpt:
    return YandexGpt(
        YandexGptSettings(
            folder_id="b1gfolder",
            api_base=f"{service.address}/",
            **{"api_key": None, "iam_token": None, **settings},
        )
    )


async def ask(gpt: YandexGpt, trace: Trace | None = None) -> list[Chunk]:
    return [chunk async for chunk in gpt.stream(make_prompt("Привет"), trace or Trace())]


async def test_the_request_is_as_documented(gpt: YandexGpt, service: Service) -> None:
    service.reply(frame("x", "FINAL"))
    prompt = make_prompt("Привет", max_tokens=1000)
    async for _ in gpt.stream(prompt, Trace()):
        pass

    assert service.requests[0][0] == "/foundationModels/v1/completion"
    assert service.body == {
        "modelUri": "gpt://b1gfolder/yandexgpt/latest",
        "completionOptions": {"stream": True, "temperature": 0.3, "maxTokens": "1000"},
        "messages": [
            {"role": "system", "text": "You are an assistant."},
            {"role": "user", "text": "Привет"},
        ],
    }
    assert service.headers["Authorization"] == "Api-Key key-of-an-account"
    assert service.headers["x-client-request-id"] == str(prompt.request_id)
    assert service.headers["x-data-logging-enabled"] == "false"
    assert service.headers["Accept-Encoding"] == "identity"
    assert "x-folder-id" not in service.headers


async def test_an_iam_token_names_the_folder_and_logging_can_be_allowed(service: Service) -> None:
    service.reply(frame("x", "FINAL"))
    gpt = make(service, iam_token=SecretStr("t1.token"), data_logging=True)
    await ask(gpt)
    await gpt.close()

    assert service.headers["Authorization"] == "Bearer t1.token"
    assert service.headers["x-folder-id"] == "b1gfolder"
    assert service.headers["x-data-logging-enabled"] == "true"


async def test_frames_hold_the_whole_text_which_may_change(
    gpt: YandexGpt, service: Service
) -> None:
    service.reply(frame("Прив"), frame("Привет!"), frame("Здравствуйте!", "FINAL", tokens="7"))

    assert await ask(gpt) == [
        Chunk("Прив", None, Usage(28, 3), "06.12.2023"),
        Chunk("Привет!", None, Usage(28, 3), "06.12.2023"),
        Chunk("Здравствуйте!", Finish.STOP, Usage(28, 7), "06.12.2023"),
    ]


@pytest.mark.parametrize(
    ("status", "finish"),
    [
        ("FINAL", Finish.STOP),
        ("TRUNCATED_FINAL", Finish.LENGTH),
        ("CONTENT_FILTER", Finish.CONTENT_FILTER),
        ("TOOL_CALLS", Finish.STOP),
    ],
)
async def test_every_last_status_ends_the_answer(
    gpt: YandexGpt, service: Service, status: str, finish: Finish
) -> None:
    service.reply(frame("x"), frame("x y", status))
    assert [chunk.finish for chunk in await ask(gpt)] == [None, finish]


async def test_an_unspecified_status_does_not(gpt: YandexGpt, service: Service) -> None:
    service.reply(frame("x", "UNSPECIFIED"), frame("x y", "FINAL"))
    assert [chunk.finish for chunk in await ask(gpt)] == [None, Finish.STOP]


async def test_torn_and_glued_frames_are_read(gpt: YandexGpt, service: Service) -> None:
    body = "".join(
        json.dumps({"result": json.loads(piece)["result"]}, ensure_ascii=False) + "\n"
        for piece in (frame("При 😀"), frame("Привет 😀"), frame("Привет 😀!", "FINAL"))
    ).encode()
    cut = body.index("😀".encode()) + 2
    service.reply(body[:cut], body[cut : cut + 3], body[cut + 3 :])
    assert [chunk.text for chunk in await ask(gpt)] == ["При 😀", "Привет 😀", "Привет 😀!"]


async def test_half_a_character_is_never_shown(gpt: YandexGpt, service: Service) -> None:
    service.reply(frame("a\ud83d"), frame("a\ud83d\ude00", "FINAL"))
    assert [chunk.text for chunk in await ask(gpt)] == ["a", "a😀"]


async def test_other_forms_of_the_same_answer(gpt: YandexGpt, service: Service) -> None:
    bare = json.loads(frame("one two", "FINAL", tokens=7))["result"]
    service.reply(
        b"data: " + frame("one", tokens=3) + b"\n",
        b": keep-alive\n\n",
        json.dumps({"result": {"alternatives": []}}).encode() + b"\n",
        frame(""),
        json.dumps(bare).encode(),
        headers={"Content-Type": "text/html"},
    )
    assert [(chunk.text, chunk.usage) for chunk in await ask(gpt)] == [
        ("one", Usage(28, 3)),
        ("one two", Usage(28, 7)),
    ]


async def test_without_usage_it_is_estimated(gpt: YandexGpt, service: Service) -> None:
    service.reply(frame("one", usage=None), frame("one two", "FINAL", usage={}))
    first, last = await ask(gpt)
    assert first.usage is None
    assert last.usage is not None
    assert last.usage.estimated
    assert last.usage.output_tokens > 0


async def test_a_last_frame_without_text_keeps_the_text(gpt: YandexGpt, service: Service) -> None:
    service.reply(frame("one"), frame("", "FINAL"))
    assert [chunk.text for chunk in await ask(gpt)] == ["one", "one"]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b'{"result": {"alternatives": [',
        b'{"result": {"alternatives": [7]}}\n',
        b'{"result": {"alternatives": {"a": 1}}}\n',
        b'{"result": {"alternatives": [{"message": {"text": 7}}]}}\n',
        b'{"result": {"alternatives": [{"message": "x", "status": []}]}}\n',
        b'{"result": [1]}\n',
        b"<html>Bad gateway</html>",
    ],
)
async def test_a_stream_without_a_proper_end_is_broken(
    gpt: YandexGpt, service: Service, broken: bytes
) -> None:
    service.reply(frame("one"), broken)
    shown = []
    with pytest.raises(ModelStreamBroken):
        async for chunk in gpt.stream(make_prompt(), Trace()):
            shown += [chunk.text]
    assert shown == ["one"]


async def test_a_cut_connection_is_a_broken_stream(gpt: YandexGpt, service: Service) -> None:
    service.reply(frame("one"), cut=True)
    with pytest.raises(ModelStreamBroken):
        await ask(gpt)


async def test_an_error_within_the_stream_is_told_apart(gpt: YandexGpt, service: Service) -> None:
    error = {"error": {"grpcCode": 14, "httpCode": 503, "message": "upstream", "details": []}}
    service.reply(frame("one"), json.dumps(error).encode())
    trace = Trace()
    with pytest.raises(ModelUnavailable):
        await ask(gpt, trace)
    assert trace.refusal == "503: upstream"


async def test_ids_and_words_of_the_service_are_kept_for_the_log(
    gpt: YandexGpt, service: Service
) -> None:
    service.reply(
        b'{"error": {"grpcCode": 7, "message": "Permission denied"}}',
        status=403,
        headers={"x-request-id": "r-1", "x-server-trace-id": "t-1"},
    )
    trace = Trace()
    with pytest.raises(ModelAccessDenied):
        await ask(gpt, trace)
    assert trace.server_ids == {"x-request-id": "r-1", "x-server-trace-id": "t-1"}
    assert trace.refusal == "403: Permission denied"


async def test_tokens_are_counted_by_the_free_tokenizer(gpt: YandexGpt, service: Service) -> None:
    tokens = [{"id": "16861", "text": "При", "special": False}, {"id": "7", "text": "вет"}]
    service.reply(json.dumps({"tokens": tokens, "modelVersion": "1"}).encode())
    assert await gpt.count_tokens(make_prompt("Привет"), Trace()) == 2
    assert service.requests[0][0] == "/foundationModels/v1/tokenizeCompletion"
    assert service.body["messages"][1] == {"role": "user", "text": "Привет"}

    service.replies.clear()
    service.reply(json.dumps({"result": {"tokens": tokens}}).encode())
    assert await gpt.count_tokens(make_prompt("Привет"), Trace()) == 2


@pytest.mark.parametrize(
    "answer", [b"", b"{}", b"[1]", b'{"tokens": 7}', b"<html>", b'{"result": 5}']
)
async def test_a_count_that_can_not_be_read_is_no_count(
    gpt: YandexGpt, service: Service, answer: bytes
) -> None:
    service.reply(answer)
    with pytest.raises(ModelStreamBroken):
        await gpt.count_tokens(make_prompt(), Trace())


async def test_the_tokenizer_refuses_like_the_rest(gpt: YandexGpt, service: Service) -> None:
    service.reply(b"{}", status=401)
    with pytest.raises(ModelKeyRefused):
        await gpt.count_tokens(make_prompt(), Trace())
