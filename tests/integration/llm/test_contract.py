"""The contract of the port: every provider passes the same list, against its emulated service."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from okno.kit.settings import Settings
from okno.llm.config import OpenAiSettings, YandexGptSettings
from okno.llm.dto import Chunk, Finish, Model, Trace
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
from okno.llm.port import ModelProvider
from okno.llm.providers.openai import OpenAi
from okno.llm.providers.yandexgpt import YandexGpt
from okno.llm.tokens import upper_bound
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator, Outcome
from tests.support.prompts import make_model, make_prompt
from tests.support.wait import until

TEXT = "Привет, мир! 😀 " * 50 + "```python\nprint('конец')\n```"


@dataclass(frozen=True, slots=True)
class Party:
    """A provider with a model that it serves."""

    provider: ModelProvider
    model: Model

    async def ask(self, question: str = f"echo: {TEXT}", *, max_tokens: int = 2_000) -> list[Chunk]:
        prompt = make_prompt(question, model=self.model, max_tokens=max_tokens)
        return [chunk async for chunk in self.provider.stream(prompt, Trace())]


@pytest.fixture(params=["yandexgpt", "openai"])
async def party(
    request: pytest.FixtureRequest, settings: Settings, models: LanguageModelEmulator
) -> AsyncIterator[Party]:
    party = make_party(request.param, settings)
    yield party
    await party.provider.close()


def make_party(name: str, settings: Settings) -> Party:
    if name == "yandexgpt":
        return Party(YandexGpt(settings[YandexGptSettings]), make_model("yandexgpt/latest"))
    section = settings[OpenAiSettings]
    assert section.api_key is not None
    openai = OpenAi(section, section.api_key)
    return Party(openai, make_model("gpt-5-mini", provider="openai"))


async def test_the_answer_grows_to_its_end(party: Party) -> None:
    *growing, last = await party.ask()

    assert growing
    assert last.text == TEXT
    assert last.finish is Finish.STOP
    assert last.usage is not None
    assert not last.usage.estimated
    assert last.usage.input_tokens > 0
    assert last.usage.output_tokens > 0
    assert last.model_version
    assert all(chunk.finish is None and chunk.text for chunk in growing)
    assert all(TEXT.startswith(chunk.text) for chunk in growing)
    lengths = [len(chunk.text) for chunk in growing]
    assert lengths == sorted(lengths)


async def test_the_answer_ends_at_its_limit(party: Party, models: LanguageModelEmulator) -> None:
    last = (await party.ask(max_tokens=5))[-1]
    assert last.finish is Finish.LENGTH
    assert TEXT.startswith(last.text)
    assert last.usage is not None
    assert last.usage.output_tokens <= 5
    assert models.requests()[-1].max_tokens == 5


async def test_a_filtered_answer_ends_as_such(party: Party, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    last = (await party.ask())[-1]
    assert last.finish is Finish.CONTENT_FILTER
    assert last.usage is not None


async def test_an_answer_without_usage_is_estimated(
    party: Party, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.NO_USAGE))
    last = (await party.ask())[-1]
    assert last.finish is Finish.STOP
    assert last.usage is not None
    assert last.usage.estimated
    assert last.usage.output_tokens > 0


@pytest.mark.parametrize("kind", [FaultKind.TORN, FaultKind.GLUED, FaultKind.DATA_PREFIX])
async def test_the_network_may_cut_and_join_as_it_likes(
    party: Party, models: LanguageModelEmulator, kind: FaultKind
) -> None:
    models.add_fault(Fault(kind))
    last = (await party.ask())[-1]
    assert (last.text, last.finish) == (TEXT, Finish.STOP)


async def test_the_service_hears_of_an_early_end(
    party: Party, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.SLOW, seconds=0.02))
    prompt = make_prompt(f"echo: {TEXT}", model=party.model)
    async with aclosing(party.provider.stream(prompt, Trace())) as chunks:
        await anext(chunks)
    await until(lambda: models.requests()[-1].outcome is Outcome.CLIENT_GONE, "the end over there")


async def test_the_service_can_find_the_request(
    party: Party, models: LanguageModelEmulator
) -> None:
    prompt = make_prompt("Hello?", model=party.model)
    trace = Trace()
    async for _ in party.provider.stream(prompt, trace):
        pass
    (kept,) = models.requests()
    assert kept.client_request_id == str(prompt.request_id)
    assert kept.request_id.replace("-", "") in trace.server_ids["x-request-id"].replace("-", "")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.BAD_REQUEST, ModelRequestRefused),
        (FaultKind.UNAUTHENTICATED, ModelKeyRefused),
        (FaultKind.PERMISSION_DENIED, ModelAccessDenied),
        (FaultKind.NOT_FOUND, ModelNotFound),
        (FaultKind.HOURLY_LIMIT, ModelBusy),
        (FaultKind.INTERNAL, ModelUnavailable),
        (FaultKind.UNAVAILABLE, ModelUnavailable),
        (FaultKind.DEADLINE, ModelTimeout),
        (FaultKind.BAD_GATEWAY, ModelUnavailable),
        (FaultKind.CUT_BEFORE, ModelUnavailable),
        (FaultKind.CUT_INSIDE, ModelStreamBroken),
        (FaultKind.NO_FINAL, ModelStreamBroken),
        (FaultKind.ERROR_INSIDE, ModelError),
    ],
)
async def test_every_trouble_has_its_error(
    party: Party, models: LanguageModelEmulator, kind: FaultKind, error: type[ModelError]
) -> None:
    models.add_fault(Fault(kind))
    with pytest.raises(error):
        await party.ask()

    assert (await party.ask())[-1].text == TEXT, "the next request is not harmed"


async def test_a_full_gauge_is_no_limit_of_an_hour(
    settings: Settings, models: LanguageModelEmulator
) -> None:
    party = make_party("yandexgpt", settings)
    models.add_fault(Fault(FaultKind.GAUGE_LIMIT))
    with pytest.raises(ModelCrowded):
        await party.ask()
    await party.provider.close()


async def test_a_wrong_key_is_refused(
    party: Party, models: LanguageModelEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "api_key", "another-key")
    with pytest.raises(ModelKeyRefused):
        await party.ask()


async def test_an_unknown_model_is_not_found(party: Party) -> None:
    stranger = Party(party.provider, make_model("stranger", provider=party.model.provider))
    with pytest.raises(ModelNotFound):
        await stranger.ask()


async def test_the_tokens_of_a_prompt_are_counted(party: Party) -> None:
    prompt = make_prompt(TEXT, model=party.model)
    chunks = [chunk async for chunk in party.provider.stream(prompt, Trace())]
    counted = await party.provider.count_tokens(prompt, Trace())

    assert (used := chunks[-1].usage) is not None
    assert used.input_tokens <= counted <= upper_bound(prompt.messages)


async def test_the_models_are_listed(party: Party) -> None:
    assert party.model.remote in await party.provider.list_models()


@pytest.mark.parametrize(
    ("kind", "error"),
    [(FaultKind.UNAVAILABLE, ModelUnavailable), (FaultKind.CUT_BEFORE, ModelUnavailable)],
)
async def test_a_tokenizer_in_trouble_has_its_error(
    settings: Settings, models: LanguageModelEmulator, kind: FaultKind, error: type[ModelError]
) -> None:
    party = make_party("yandexgpt", settings)
    models.add_fault(Fault(kind, call=Call.TOKENIZE))
    with pytest.raises(error):
        await party.provider.count_tokens(make_prompt(), Trace())
    await party.provider.close()
