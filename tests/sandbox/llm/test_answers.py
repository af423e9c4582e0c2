"""The answers of the emulated models."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.llm.answers import compose
from sandbox.llm.prompt import Message, Prompt, Role


def prompt(*said: str, instructions: str = "") -> Prompt:
    """Answer the last of these messages of a user; those before have been answered."""
    messages = [Message(Role.SYSTEM, instructions)] if instructions else []
    for text in said:
        messages += [Message(Role.USER, text), Message(Role.ASSISTANT, "…")]
    return Prompt("model", tuple(messages[:-1]), 2000, 0.3, is_streamed=True)


def answer(*said: str, instructions: str = "") -> str:
    return compose(prompt(*said, instructions=instructions))


@pytest.mark.parametrize(
    ("question", "emulator"),
    [
        ("What is a window?", "language model emulator"),
        ("Что такое окно?", "эмулятор языковой модели"),
        ("Explain слово", "эмулятор языковой модели"),
    ],
)
def test_it_speaks_the_language_of_the_question_and_says_what_it_is(
    question: str, emulator: str
) -> None:
    text = answer(question)
    assert emulator in text
    assert question in text
    assert answer(question) == text


def test_it_uses_markdown() -> None:
    text = answer("What is a ```window```?")
    assert "**" in text
    assert "\n- " in text
    assert "\n> What is a ```window```?" in text
    assert text.count("\n```") == 2


@given(st.text())
def test_an_echo_is_exact(text: str) -> None:
    assert answer(f"echo: {text}") == text
    assert answer("Hi", f"Повтори: {text}") == text


@pytest.mark.parametrize(
    ("question", "characters"),
    [
        ("Напиши 1 символ", 1),
        ("4095 символов", 4095),
        ("4096 characters", 4096),
        ("4 097 characters, please", 4097),
        ("30\u00a0000 знаков", 30_000),
        ("30,000 chars", 30_000),
    ],
)
def test_characters_are_counted_exactly(question: str, characters: int) -> None:
    text = answer(question)
    assert len(text) == characters
    assert text == text.strip()


def test_no_length_ends_in_blanks_or_inside_a_block_of_code() -> None:
    for size in range(1, 900, 7):
        text = answer(f"{size} characters")
        assert len(text) == size
        assert text == text.strip(), f"{size} characters end in blanks"
        assert text.count("```") % 2 == 0, f"{size} characters end inside a block of code"


@pytest.mark.parametrize("question", ["500 words about windows", "Сочинение на 500 слов"])
def test_words_are_counted_exactly(question: str) -> None:
    assert len(answer(question).split()) == 500


def test_a_long_answer_has_every_kind_of_markdown() -> None:
    text = answer("3000 символов")
    for sign in ("**", "\n- ", "```python\n", "эмулятор"):
        assert sign in text


def test_it_remembers_what_the_user_said() -> None:
    text = answer("My cat is grey", "It is\nold", "What did I say before?")
    assert "1. My cat is grey\n2. It is old" in text
    assert "emulator" in text


def test_it_says_when_nothing_was_said_before() -> None:
    assert answer("Что я говорил?").endswith("раньше вы ничего не говорили.")


@pytest.mark.parametrize(
    ("instructions", "words"),
    [
        ("You are a translator. Translate.", "переводчиком"),
        ("You are an editor. Improve.", "редактором"),
        ("You are a code reviewer. Look for bugs.", "ревьюером кода"),
    ],
)
def test_a_persona_shows(instructions: str, words: str) -> None:
    assert words in answer("Текст", instructions=instructions)
    assert words not in answer("Текст", instructions="You are a helpful assistant.")
