"""Token counts without a network, against counts of real services."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okno.llm.dto import PromptMessage, PromptRole
from okno.llm.tokens import estimate, upper_bound

RUSSIAN = (
    "Управление генеративными моделями: температура отвечает за креативность и случайность "
    "ответов. Чем выше значение этого параметра, тем более непредсказуемым будет результат. "
)
ENGLISH = "The quick brown fox jumps over the lazy dog, and then it goes on to run for a while. "


def user(text: str) -> PromptMessage:
    return PromptMessage(PromptRole.USER, text)


def test_a_ping_is_not_below_what_yandexgpt_counts() -> None:
    assert 15 <= upper_bound([user("ping")]) <= 40


@pytest.mark.parametrize(
    ("text", "real"),
    [
        # Letters per token as measured of YandexGPT, and of the coarsest tables of OpenAI.
        (RUSSIAN, len(RUSSIAN) / 5.8),
        (RUSSIAN, len(RUSSIAN) / 2.2),
        (ENGLISH, len(ENGLISH) / 4),
        ("2026-10-05 17:31:59.123456", 26),
        ("今日は世界", 5 * 2),
        ("👩‍👩‍👧‍👦", 18),
        ("def f(x):\n    return x ** 2\n", 16),
        ("aGVsbG8gd29ybGQgZnJvbSBhIGxvbmcgc3RyaW5n" * 3, 120 / 1.4),
    ],
)
def test_the_bound_is_above_the_real_count(text: str, real: float) -> None:
    assert upper_bound([user(text)]) >= real


def test_the_bound_of_prose_is_not_absurd() -> None:
    assert upper_bound([user(RUSSIAN * 20)]) < len(RUSSIAN * 20)
    assert upper_bound([user(ENGLISH * 20)]) < len(ENGLISH * 20)


@given(st.text(st.characters(codec=None)), st.text())
def test_any_text_has_a_bound_that_grows_with_it(text: str, more: str) -> None:
    assert upper_bound([user(text + " " + more)]) >= upper_bound([user(text)])
    assert upper_bound([user(text)]) > upper_bound([])


@given(st.text(), st.text())
def test_a_guess_is_marked_and_stays_within_the_bound(question: str, answer: str) -> None:
    usage = estimate([user(question)], answer)
    assert usage.estimated
    assert usage.input_tokens <= upper_bound([user(question)])
    assert usage.output_tokens <= upper_bound([user(answer)])


def test_a_guess_is_near_for_prose() -> None:
    usage = estimate([], ENGLISH * 10)
    assert len(ENGLISH * 10) / 5.4 <= usage.output_tokens <= len(ENGLISH * 10) / 3
    usage = estimate([], RUSSIAN * 10)
    assert len(RUSSIAN * 10) / 5.8 <= usage.output_tokens <= len(RUSSIAN * 10) / 2.2
