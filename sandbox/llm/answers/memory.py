"""Shows the part of a conversation that reaches the model."""

from typing import Final

from sandbox.llm.answers.words import Words
from sandbox.llm.prompt import Prompt

_LINE_CHARACTERS: Final = 200


def remember(prompt: Prompt, words: Words) -> str:
    """List the earlier messages of the user, one line each."""
    said = prompt.said[:-1]
    if not said:
        return words.said_nothing
    lines = (f"{number}. {_line(text)}" for number, text in enumerate(said, 1))
    return f"{words.said_before}\n\n" + "\n".join(lines)


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE_CHARACTERS else line[:_LINE_CHARACTERS] + "…"
