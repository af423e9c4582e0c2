"""Completions: a client's prompt answered as it is, paid for, and not kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog

from okno.assistant.dto import Completed, CompletionProgress, CompletionRequest, Growing
from okno.assistant.errors import AnswerInterrupted, ModelNotOffered, QuestionTooLong
from okno.assistant.service import CompletionsService
from okno.billing.errors import PaymentRequired, TooManyGenerations
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Actor
from okno.kit.nursery import Nursery
from okno.llm.dto import Finish, PromptMessage, PromptRole, Queued
from okno.llm.errors import ModelStreamBroken, ModelUnavailable
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator, LoggedRequest, Outcome
from tests.integration.assistant.test_outages import set_read_only
from tests.support.bank import WELCOME
from tests.support.talk import Talk
from tests.support.wait import until

MAX_OPEN = 4


def said(text: str, role: PromptRole = PromptRole.USER) -> PromptMessage:
    return PromptMessage(role, text)


def wanted(text: str = "echo: One two three", **values: object) -> CompletionRequest:
    return CompletionRequest("yandexgpt-lite", (said(text),), **values)  # type: ignore[arg-type] # as given


@asynccontextmanager
async def completing(
    talk: Talk, actor: Actor, request: CompletionRequest, max_open: int = MAX_OPEN
) -> AsyncIterator[AsyncIterator[CompletionProgress]]:
    """Follow a completion; leaving the block before its end closes it."""
    service = await talk.container.get(CompletionsService)
    async with service.complete(actor, request, max_open=max_open) as progress:
        yield progress


async def complete(
    talk: Talk, actor: Actor, request: CompletionRequest, max_open: int = MAX_OPEN
) -> Completed:
    async with completing(talk, actor, request, max_open) as progress:
        last = [one async for one in progress][-1]
    assert isinstance(last, Completed)
    return last


async def first_text(progress: AsyncIterator[CompletionProgress]) -> str:
    async for one in progress:
        if isinstance(one, Growing):
            return one.text
    raise AssertionError("it ended without a text")


async def given_up(language_models: LanguageModelEmulator) -> LoggedRequest:
    """Wait until the provider has seen that nobody waits for its answer."""
    await until(
        lambda: language_models.requests(Call.COMPLETION)[-1].outcome is Outcome.CLIENT_GONE
    )
    return language_models.requests(Call.COMPLETION)[-1]


async def test_the_prompt_goes_out_as_it_is(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    messages = (
        said("Be brief.", PromptRole.SYSTEM),
        said("One"),
        said("Two", PromptRole.ASSISTANT),
        said("echo: Three"),
    )
    request = CompletionRequest("yandexgpt", messages, max_tokens=50, temperature=2.0)
    completed = await complete(talk, anna, request)
    (asked,) = language_models.requests(Call.COMPLETION)
    assert [(str(one.role), one.text) for one in asked.messages] == [
        (str(one.role), one.text) for one in messages
    ]
    assert (asked.max_tokens, asked.temperature) == (50, 1.0), "YandexGPT's most is 1"
    assert (completed.text, completed.finish) == ("Three", Finish.STOP)


async def test_it_is_charged_by_its_price_and_not_kept(talk: Talk, anna: Actor) -> None:
    request = CompletionRequest("yandexgpt", (said("Tell me 50 words"),))
    completed = await complete(talk, anna, request)
    usage = completed.usage
    assert completed.cost == 4 * (usage.input_tokens + usage.output_tokens)
    assert await talk.scalar("SELECT used_total FROM balances") == completed.cost
    assert await talk.scalar("SELECT note FROM ledger_entries WHERE kind = 'usage'") == "yandexgpt"
    assert await talk.scalar("SELECT count(*) FROM conversations") == 0
    await talk.expect_nothing_held()


async def test_what_can_not_be_stored_is_taken_out(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await complete(talk, anna, wanted("echo: \0One\ud83d"))
    (asked,) = language_models.requests(Call.COMPLETION)
    assert asked.messages[0].text == "echo: One?"


async def test_an_answer_ends_before_a_text_that_stops_it(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    completed = await complete(talk, anna, wanted("Tell me 400 words", stop=("no model", "Not")))
    assert completed.finish is Finish.STOP
    assert completed.text == "This is a **language model emulator**: "
    assert await talk.scalar("SELECT used_total FROM balances") == completed.cost
    assert completed.usage.output_tokens < 100, "the rest was not waited for"
    await given_up(language_models)
    await talk.expect_nothing_held()


async def test_a_limit_of_tokens_truncates(talk: Talk, anna: Actor) -> None:
    completed = await complete(talk, anna, wanted("Tell me 400 words", max_tokens=20))
    assert completed.finish is Finish.LENGTH
    assert completed.usage.output_tokens == 20


async def test_who_goes_away_pays_up_to_the_last_frame(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))
    async with completing(talk, anna, wanted("Tell me 400 words")) as progress:
        await first_text(progress)
        await until(lambda: language_models.stalled == 1)
    asked = await given_up(language_models)
    paid = await talk.scalar("SELECT used_total FROM balances")
    assert paid == asked.input_tokens + 3 * language_models.pace.frame_tokens
    await talk.expect_nothing_held()


async def test_who_goes_away_before_the_first_text_pays_nothing(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    async with completing(talk, anna, wanted()) as progress:
        reading = asyncio.gather(anext(aiter(progress)), return_exceptions=True)
        await until(lambda: language_models.stalled == 1)
        reading.cancel()
        await asyncio.wait([reading])
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()


async def test_who_waits_for_a_turn_sees_his_place_and_may_go(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    slots = 10
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, times=slots, seconds=60))
    boris = await talk.register(7002)
    async with asyncio.TaskGroup() as others:
        for _ in range(slots):
            others.create_task(complete(talk, boris, wanted("Tell me 50 words"), slots))
        await until(lambda: language_models.stalled == slots)
        async with completing(talk, anna, wanted()) as progress:
            assert await anext(aiter(progress)) == Queued(1)
        language_models.release()
    asked = language_models.requests(Call.COMPLETION)
    assert len(asked) == slots, "nothing was asked for who had gone"
    await talk.expect_nothing_held()


async def test_what_a_provider_filters_is_free(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER, after=2))
    completed = await complete(talk, anna, wanted("Tell me 200 words"))
    assert (completed.finish, completed.cost) == (Finish.CONTENT_FILTER, 0)
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(FaultKind.UNAVAILABLE, times=3), ModelUnavailable),
        (Fault(FaultKind.CUT_INSIDE, after=2), ModelStreamBroken),
    ],
)
async def test_what_fails_is_free(
    talk: Talk,
    anna: Actor,
    language_models: LanguageModelEmulator,
    fault: Fault,
    error: type[Exception],
) -> None:
    language_models.add_fault(fault)
    with pytest.raises(error):
        await complete(talk, anna, wanted("Tell me 200 words"))
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()


async def test_an_unknown_model_is_not_replaced_by_another(talk: Talk, anna: Actor) -> None:
    with pytest.raises(ModelNotOffered):
        await complete(talk, anna, CompletionRequest("gpt-none", (said("Hello"),)))


async def test_a_prompt_that_the_model_can_not_take_is_refused(
    narrow: Talk, language_models: LanguageModelEmulator
) -> None:
    anna = await narrow.register()
    prompt = (said("Окно. " * 300),)
    with pytest.raises(QuestionTooLong):
        await complete(narrow, anna, CompletionRequest("small", prompt))
    assert language_models.requests(Call.COMPLETION) == []
    await narrow.expect_nothing_held()


async def test_a_small_balance_pays_for_a_short_answer_to_a_prompt_that_was_counted(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await leave(talk, anna, 400)
    request = wanted("Окно выходит во двор. " * 20 + "Tell me 400 words")
    completed = await complete(talk, anna, request)
    assert language_models.requests(Call.TOKENIZE), "its bound alone is more than is there"
    assert completed.finish is Finish.LENGTH
    assert completed.cost <= 400
    await talk.expect_nothing_held()


async def test_nothing_is_asked_that_nobody_pays_for(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await leave(talk, anna, 50)
    with pytest.raises(PaymentRequired):
        await complete(talk, anna, wanted())
    assert language_models.requests(Call.COMPLETION) == []


async def test_a_user_has_so_many_at_once_and_no_more(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, times=2, seconds=60))
    async with asyncio.TaskGroup() as first:
        for _ in range(2):
            first.create_task(complete(talk, anna, wanted("Tell me 50 words"), 2))
        await until(lambda: language_models.stalled == 2)
        with pytest.raises(TooManyGenerations):
            await complete(talk, anna, wanted(), 2)
        language_models.release()
    await complete(talk, anna, wanted(), 2)
    await talk.expect_nothing_held()


async def test_the_end_of_the_process_charges_what_there_is(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    nursery = await talk.container.get(Nursery)
    nursery._grace = 0  # noqa: SLF001 - no test waits for the real one
    async with completing(talk, anna, wanted("Tell me 200 words")) as progress:
        await first_text(progress)
        await until(lambda: language_models.stalled == 1)
        await nursery.close()
        with pytest.raises(AnswerInterrupted):
            async for one in progress:
                assert isinstance(one, Growing)
    (asked,) = language_models.requests(Call.COMPLETION)
    paid = await talk.scalar("SELECT used_total FROM balances")
    assert paid == asked.input_tokens + 2 * language_models.pace.frame_tokens
    await talk.expect_nothing_held()


async def test_a_charge_that_cannot_be_stored_at_first_is_stored_later(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    completing = asyncio.gather(complete(talk, anna, wanted("Tell me 200 words")))
    await until(lambda: language_models.stalled == 1)
    await set_read_only(talk, "on")
    try:
        with structlog.testing.capture_logs() as logs:
            language_models.release()
            await until(
                lambda: "end of the answer not stored yet" in [one["event"] for one in logs]
            )
    finally:
        await set_read_only(talk, "off")
    (completed,) = await completing
    assert completed.cost == await talk.scalar("SELECT used_total FROM balances")
    await talk.expect_nothing_held()


async def leave(talk: Talk, actor: Actor, units: int) -> None:
    """Take all but so many units off the welcome grant."""
    billing = await talk.container.get(BillingService)
    await billing.balance(actor)
    await billing.adjust(SYSTEM, actor.require_user(), units - WELCOME, "tests")
