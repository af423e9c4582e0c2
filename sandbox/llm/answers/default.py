"""The answer to all other questions: it describes the question."""

import json
from typing import Final

from sandbox.llm.answers.words import Words
from sandbox.llm.prompt import Prompt

_QUOTED_CHARACTERS: Final = 400


def default_answer(prompt: Prompt, words: Words) -> str:
    """Make bold words, a quotation, a list and a block of code."""
    question = prompt.question
    split = question.split()
    longest = max(split, key=len, default="")
    parts = [
        words.emulator,
        *_persona(prompt, words),
        words.asked,
        _quoted(question),
        words.seen,
        "\n".join(
            (
                f"- {words.words}: **{len(split)}**",
                f"- {words.characters}: **{len(question)}**",
                f"- {words.longest}: `{longest.replace('`', '')}`",
                f"- {words.earlier}: **{len(prompt.said) - 1}**",
            )
        ),
        f"```python\nquestion = {_literal(question)}\nprint(len(question.split()))\n```",
        words.hint,
    ]
    return "\n\n".join(parts)


def _persona(prompt: Prompt, words: Words) -> list[str]:
    instructions = prompt.instructions.lower()
    return [text for name, text in words.personas.items() if f" {name}" in instructions][:1]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _cut(text).splitlines())


def _literal(text: str) -> str:
    """Make a Python literal on one line, without marks that end a block of code."""
    return json.dumps(_cut(text).replace("```", "'''"), ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTED_CHARACTERS else text[:_QUOTED_CHARACTERS] + "…"
