"""Prompts: the messages that are sent to a model, and the highest cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from okno.assistant.dto import EMPTY_WINDOW, ContextMessage, ContextWindow
from okno.assistant.service import prompts
from okno.assistant.service.windows import MAX_EXCHANGES, grow, question_tokens
from okno.assistant.steps import Plan
from okno.llm.dto import Model, Persona, Prompt, PromptMessage, PromptRole, Usage

FRAME = 10
PERSONA = Persona("brief", {}, "Be brief.", 0.3)
OTHER = Persona("other", {}, "Be long.", 0.3)


def model(context: int = 1000, answer: int = 100, name: str = "small") -> Model:
    return Model(name, "yandexgpt", name, {}, context, answer, Decimal(1), Decimal(1))


def bound(messages: Sequence[PromptMessage]) -> int:
    """Count a token per character, and a frame around all."""
    return FRAME + sum(len(message.text) for message in messages)


@dataclass(frozen=True, slots=True)
class Planned:
    """A prompt with what is left of the window."""

    prompt: Prompt
    window: ContextWindow
    input_tokens: int

    @property
    def max_tokens(self) -> int:
        plan = Plan(prompt=self.prompt, input_tokens=self.input_tokens, min_tokens=0)
        return plan.max_tokens


def planned(
    window: ContextWindow, question: str, model: Model, persona: Persona, bound: prompts.Bound
) -> Planned:
    return Planned(*prompts.plan_prompt(window, question, model, persona, bound))


def exchange(
    question: str = "q" * 50, answer: str = "a" * 50, *, tokens: int | None = None
) -> tuple[ContextMessage, ContextMessage]:
    return (
        ContextMessage(PromptMessage(PromptRole.USER, question), tokens),
        ContextMessage(PromptMessage(PromptRole.ASSISTANT, answer), tokens),
    )


def window(
    *exchanges: tuple[ContextMessage, ContextMessage], settled: int | None = None
) -> ContextWindow:
    messages = tuple(message for pair in exchanges for message in pair)
    return ContextWindow(messages, 0, "small", "brief", settled)


def test_the_persona_comes_first_and_the_question_last() -> None:
    plan = planned(window(exchange("one", "two")), "three", model(), PERSONA, bound)

    assert [message.text for message in plan.prompt.messages] == [
        "Be brief.",
        "one",
        "two",
        "three",
    ]
    assert plan.input_tokens == FRAME + len("Be brief.onetwothree")
    assert plan.max_tokens == 100


def test_whole_exchanges_are_dropped_oldest_first() -> None:
    past = [exchange(f"q{number}" + "." * 48) for number in range(10)]

    plan = planned(window(*past, settled=9), "?", model(context=400), PERSONA, bound)

    asked = [message.text[:2] for message in plan.prompt.messages if message.text.startswith("q")]
    assert asked == ["q8", "q9"]
    assert plan.window.is_cut
    assert plan.window.settled is None
    assert plan.input_tokens + plan.max_tokens <= 400


def test_billed_tokens_count_instead_of_the_bound() -> None:
    past = [exchange(tokens=5) for _ in range(10)]

    plan = planned(window(*past), "?", model(context=400), PERSONA, bound)

    assert len(plan.window.messages) == 20
    assert plan.input_tokens == FRAME + len("Be brief.?") + 100


def test_another_model_counts_anew() -> None:
    past = window(exchange(tokens=5), settled=30)

    plan = planned(past, "?", model(name="another"), PERSONA, bound)

    assert plan.input_tokens == FRAME + len("Be brief.?") + 100
    assert plan.window.model == "another"
    assert {message.tokens for message in plan.window.messages} == {50}


def test_what_was_billed_for_all_is_the_best_bound() -> None:
    past = window(exchange(), settled=30)

    plan = planned(past, "three", model(), PERSONA, bound)

    assert plan.input_tokens == 30 + FRAME + 5
    assert plan.window.settled == 30


def test_another_persona_has_another_prompt() -> None:
    plan = planned(window(exchange(), settled=30), "three", model(), OTHER, bound)

    assert plan.input_tokens == FRAME + len("Be long.three") + 100
    assert plan.window.settled is None


def test_there_is_an_end_to_the_number_of_exchanges() -> None:
    past = [exchange("q", "a") for _ in range(MAX_EXCHANGES + 1)]

    plan = planned(window(*past), "?", model(context=100_000), PERSONA, bound)

    assert len(plan.window.messages) == 2 * MAX_EXCHANGES
    assert plan.window.is_cut


def test_a_question_that_fills_the_model_leaves_no_answer() -> None:
    plan = planned(EMPTY_WINDOW, "?" * 990, model(), PERSONA, bound)

    assert plan.max_tokens < 0


def test_a_shorter_answer_is_left_when_the_question_is_long() -> None:
    plan = planned(EMPTY_WINDOW, "?" * 941, model(), PERSONA, bound)

    assert plan.max_tokens == 1000 - FRAME - 9 - 941


def test_a_question_is_counted_from_the_second_bill_on() -> None:
    first = grow(EMPTY_WINDOW, "one", "two", Usage(40, 3))
    second = grow(first, "three", "four", Usage(50, 4))
    guessed = grow(second, "five", "six", Usage(60, 5, estimated=True))
    after = grow(guessed, "seven", "eight", Usage(70, 6))

    assert [message.tokens for message in after.messages] == [None, 3, 7, 4, None, None, None, 6]
    assert [one.settled for one in (first, second, guessed, after)] == [43, 54, None, 76]


def test_a_bill_that_makes_no_sense_is_not_believed() -> None:
    assert question_tokens(ContextWindow(settled=50), Usage(40, 3)) is None


def given_window(*texts: str, exchanges: int = 0) -> ContextWindow:
    """Make a window of what a client gave, in any order of roles, and of exchanges after it."""
    roles = cycle((PromptRole.ASSISTANT, PromptRole.SYSTEM, PromptRole.USER, PromptRole.USER))
    messages = [ContextMessage(PromptMessage(next(roles), text), None) for text in texts]
    for number in range(exchanges):
        messages += exchange(f"q{number}" + "." * 48, f"a{number}" + "." * 48)
    return ContextWindow(tuple(messages), len(texts), "small", "brief")


def test_what_was_given_goes_before_the_exchanges_as_it_is() -> None:
    past = given_window("one", "two", "three", exchanges=1)

    plan = planned(past, "?", model(), PERSONA, bound)

    assert [message.role for message in plan.prompt.messages] == [
        "system",
        "assistant",
        "system",
        "user",
        "user",
        "assistant",
        "user",
    ]
    assert plan.window.given == 3
    assert not plan.window.is_cut


def test_given_messages_are_dropped_one_by_one_before_any_exchange() -> None:
    past = given_window("." * 60, "." * 60, "." * 60, exchanges=1)

    plan = planned(past, "?", model(context=380), PERSONA, bound)

    assert (len(plan.window.messages), plan.window.given) == (4, 2)
    assert plan.window.is_cut


def test_exchanges_are_dropped_once_nothing_given_is_left() -> None:
    past = given_window("one", "two", exchanges=3)

    plan = planned(past, "?", model(context=330), PERSONA, bound)

    assert (len(plan.window.messages), plan.window.given) == (4, 0)
    assert plan.prompt.messages[1].text.startswith("q1")


def test_the_window_keeps_the_bounds_for_the_next_time() -> None:
    plan = planned(given_window("one", exchanges=1), "?", model(), PERSONA, bound)

    assert [message.tokens for message in plan.window.messages] == [3, 50, 50]


lengths = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 200), st.none() | st.integers(0, 100)),
    max_size=20,
)


@given(lengths, st.lists(st.integers(0, 200)), st.integers(1, 300), st.integers(150, 1500))
def test_a_prompt_never_exceeds_its_model(
    past: list[tuple[int, int, int | None]], put: list[int], asked: int, context: int
) -> None:
    exchanges = [exchange("q" * one, "a" * two, tokens=count) for one, two, count in past]
    before = given_window(*("g" * length for length in put)).messages
    whole = replace(window(*exchanges), given=len(put))
    whole = replace(whole, messages=(*before, *whole.messages))

    plan = planned(whole, "?" * asked, model(context), PERSONA, bound)

    kept = plan.window.said
    assert kept == whole.said[len(whole.said) - len(kept) :]
    assert plan.window.given == max(0, len(kept) - 2 * len(exchanges))
    assert (len(kept) - plan.window.given) % 2 == 0, "an answer without its question"
    assert not kept or plan.input_tokens + plan.max_tokens <= context
    assert plan.window.is_cut == (len(kept) < len(whole.said))
