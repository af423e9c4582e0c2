"""The cost of questions and answers, and the end of a balance."""

import asyncio
from pathlib import Path

import pytest

from okno.assistant.dto import MessageStatus
from okno.billing.errors import PaymentRequired
from okno.billing.service.metrics import HOLDS
from okno.kit.settings import Settings
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.metrics import value_of
from tests.support.talk import Talk, with_model


@pytest.fixture
def priced(settings: Settings, tmp_path: Path) -> Settings:
    """A model at half a unit a token, with answers of up to 200 tokens."""
    return with_model(settings, tmp_path, context=2000, answer=200, price="0.5")


async def test_the_longest_answer_is_held_and_the_real_one_paid(
    priced: Settings, clean: None, language_models: LanguageModelEmulator
) -> None:
    talk = Talk(priced)
    anna = await talk.register()

    generation = await talk.ask(anna, "echo: one")
    held = await talk.scalar("SELECT held FROM balances")
    answered = await talk.answer(generation)

    tokens = answered.usage.input_tokens + answered.usage.output_tokens
    assert answered.message.cost == (tokens + 1) // 2
    assert held > 100 + answered.message.cost
    assert generation.prompt.max_tokens == 200
    assert language_models.requests(Call.TOKENIZE) == [], "the balance is large enough"
    await talk.expect_nothing_held()
    await talk.close()


async def test_an_answer_at_its_limit_is_truncated(priced: Settings, clean: None) -> None:
    talk = Talk(priced)
    anna = await talk.register()

    answer = await talk.say(anna, "Tell me 5000 words")

    assert answer.status is MessageStatus.TRUNCATED
    await talk.expect_nothing_held()
    await talk.close()


async def test_near_the_end_of_a_balance_the_prompt_is_counted_and_the_answer_shorter(
    priced: Settings, clean: None, language_models: LanguageModelEmulator
) -> None:
    talk = Talk(priced, welcome_tokens=90)
    anna = await talk.register()

    generation = await talk.ask(anna, "Tell me 5000 words")
    answered = await talk.answer(generation)

    assert len(language_models.requests(Call.TOKENIZE)) == 1
    assert 100 <= generation.prompt.max_tokens < 200
    assert answered.message.status is MessageStatus.TRUNCATED
    assert await talk.scalar("SELECT balance FROM balances") == 0
    await talk.expect_nothing_held()
    await talk.close()


async def test_a_balance_that_pays_for_no_answer_stores_nothing(
    priced: Settings, clean: None
) -> None:
    talk = Talk(priced, welcome_tokens=50)
    anna = await talk.register()

    with pytest.raises(PaymentRequired) as refused:
        await talk.ask(anna, "echo: one")

    assert refused.value.values["available"] == 50
    assert await talk.scalar("SELECT count(*) FROM conversations") == 0
    await talk.expect_nothing_held()
    await talk.close()


async def test_without_the_tokenizer_the_bound_decides(
    priced: Settings, clean: None, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.INTERNAL, times=9, call=Call.TOKENIZE))
    talk = Talk(priced, welcome_tokens=90)
    anna = await talk.register()

    answer = await talk.say(anna, "Tell me 5000 words")

    assert answer.status is MessageStatus.TRUNCATED
    await talk.expect_nothing_held()
    await talk.close()


async def test_people_who_share_nothing_do_not_pay_for_each_other(
    settings: Settings, clean: None
) -> None:
    talk = Talk(settings)
    anna, boris = await talk.register(1), await talk.register(2)

    mine, his = await asyncio.gather(
        talk.say(anna, "echo: one"), talk.say(boris, "Tell me 100 words")
    )

    used = await talk.scalar("SELECT array_agg(used_total ORDER BY user_id) FROM balances")
    assert used == [mine.cost, his.cost]
    assert mine.cost != his.cost
    await talk.close()


async def test_a_model_that_is_offered_no_more_is_replaced_by_the_default(
    settings: Settings, clean: None, tmp_path: Path, language_models: LanguageModelEmulator
) -> None:
    before = Talk(settings)
    anna = await before.register()
    await (await before.choices()).choose_model(anna, "yandexgpt")
    await before.say(anna, "echo: one")
    await before.close()
    after = Talk(with_model(settings, tmp_path))

    generation = await after.ask(anna, "echo: two")
    await after.answer(generation)

    assert generation.prompt.model.id == "small"
    assert [message.text for message in generation.prompt.messages[1:]] == [
        "echo: one",
        "one",
        "echo: two",
    ]
    async with after.conversations() as conversations:
        assert (await conversations.view(anna)).model == "small"
    await after.close()


async def test_a_stream_without_usage_is_paid_by_an_estimate(
    settings: Settings, clean: None, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.NO_USAGE))
    talk = Talk(settings)
    anna = await talk.register()
    await (await talk.choices()).choose_model(anna, "gpt-mini")

    answered = await talk.answer(await talk.ask(anna, "echo: one"))

    assert answered.usage.estimated
    assert answered.message.cost
    assert await talk.scalar("SELECT estimated FROM messages WHERE role = 'assistant'")
    await talk.expect_nothing_held()
    await talk.close()


async def test_who_can_pay_for_no_answer_is_refused_after_one_count(
    priced: Settings, clean: None, language_models: LanguageModelEmulator
) -> None:
    """The bound can't be paid, and neither can the count."""
    talk = Talk(priced, welcome_tokens=50)
    anna = await talk.register()
    refused = value_of(HOLDS.labels("refused"))

    with pytest.raises(PaymentRequired) as error:
        await talk.ask(anna, "echo: one")

    (counted,) = language_models.requests(Call.TOKENIZE)
    assert error.value.values["needed"] == (counted.input_tokens + 100 + 1) // 2
    assert value_of(HOLDS.labels("refused")) == refused + 1
    await talk.close()
