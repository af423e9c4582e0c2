"""Showing what of a conversation reaches the model."""

from typing import Final

from sandbox.llm.answers.words import Words
from sandbox.llm.prompt import Prompt

_MOST: Final = 200


def remember(prompt: Prompt, words: Words) -> str:
    """What the user said before this question, one line each."""
    said = prompt.said[:-1]
    if not said:
        return words.said_nothing
    lines = (f"{number}. {_line(text)}" for number, text in enumerate(said, 1))
    return f"{words.said_before}\n\n" + "\n".join(lines)


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[:_MOST] + "…"
