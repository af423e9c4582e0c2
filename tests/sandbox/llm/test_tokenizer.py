"""One rule counts tokens everywhere, at the rates that YandexGPT was seen to have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from sandbox.llm.tokens import tokenize
from tests.sandbox.llm.clients import URI, YandexGpt

TOKENIZE = "/yandexgpt/foundationModels/v1/tokenize"
TOKENIZE_COMPLETION = "/yandexgpt/foundationModels/v1/tokenizeCompletion"


@given(st.text(), st.text())
def test_pieces_are_the_text_and_grow_with_it(text: str, more: str) -> None:
    pieces = tokenize(text)
    assert "".join(pieces) == text
    assert all(pieces)
    whole = pieces[:-1]
    assert tokenize(text + more)[: len(whole)] == whole


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("а" * 497, 86), ("a" * 540, 100), ("ping", 1), ("", 0), ("🙂" * 10, 10)],
)
def test_rates(text: str, tokens: int) -> None:
    assert len(tokenize(text)) == tokens


async def test_a_text(yandexgpt: YandexGpt) -> None:
    async with yandexgpt.post(TOKENIZE, {"modelUri": URI, "text": "Привет, мир"}) as response:
        body = await response.json()
    assert list(body) == ["tokens", "modelVersion"]
    assert [token["text"] for token in body["tokens"]] == ["Приве", "т, мир"]
    for token in body["tokens"]:
        assert list(token) == ["id", "text"]  # `special` is left out where it is false
        assert token["id"].isdigit()


async def test_a_request_has_a_dozen_tokens_more_and_costs_that(yandexgpt: YandexGpt) -> None:
    async with yandexgpt.post(TOKENIZE_COMPLETION, yandexgpt.body("ping")) as response:
        tokens = (await response.json())["tokens"]
    assert len(tokens) == 15
    assert [token["text"] for token in tokens if not token.get("special")] == ["ping"]
    answer = await yandexgpt.whole("ping")
    assert answer["usage"]["inputTextTokens"] == "15"


async def test_it_refuses_what_the_models_refuse(yandexgpt: YandexGpt) -> None:
    for path, body in (
        (TOKENIZE, {"modelUri": "gpt://other/yandexgpt", "text": "Hi"}),
        (TOKENIZE_COMPLETION, {**yandexgpt.body("Hi"), "modelUri": "gpt://other/yandexgpt"}),
    ):
        status, error = await yandexgpt.refused(body, path)
        assert (status, error["grpcCode"]) == (403, 7)
    assert (await yandexgpt.refused({"modelUri": URI}, TOKENIZE))[0] == 400
    yandexgpt.headers = {}
    assert (await yandexgpt.refused({"modelUri": URI, "text": "Hi"}, TOKENIZE))[0] == 401


async def test_it_has_faults_of_its_own(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.UNAVAILABLE, call=Call.TOKENIZE))
    await yandexgpt.whole("Hi")
    status, error = await yandexgpt.refused(yandexgpt.body("Hi"), TOKENIZE_COMPLETION)
    assert (status, error["grpcCode"]) == (503, 14)
    assert [request.call for request in models.requests()] == [Call.COMPLETION, Call.TOKENIZE]


def test_a_fault_of_streams_cannot_befall_it() -> None:
    with pytest.raises(ValueError, match="tokenizer"):
        Fault(FaultKind.TORN, call=Call.TOKENIZE)
