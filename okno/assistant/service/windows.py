"""Context windows: made of what a client gives or the history has, grown by answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from okno.assistant.dto import ContextMessage, ContextWindow
from okno.assistant.errors import ContextTooLong
from okno.assistant.service.texts import spoken
from okno.llm.dto import PromptMessage, PromptRole, Usage

MOST_EXCHANGES = 200
"""However short they are: a window has to be read and sent within a moment."""
MOST_GIVEN = 2 * MOST_EXCHANGES
"""Messages that a client may put into a context."""
LONGEST_GIVEN = 400_000
"""Characters of all of them together."""


def checked(given: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    """Make what a client gives fit to be stored and sent. Raises `ContextTooLong`."""
    if len(given) > MOST_GIVEN or sum(len(one.text) for one in given) > LONGEST_GIVEN:
        raise ContextTooLong(messages=MOST_GIVEN, characters=LONGEST_GIVEN)
    return spoken(given)


def window_of(given: Sequence[PromptMessage], rows: Sequence[Any] = ()) -> ContextWindow:
    """Make a window of what was given and of the rows of `MessageStore.answered`."""
    messages = [ContextMessage(said, None) for said in given]
    counted_by = rows[-1][4] if rows else ""
    for question, asked_tokens, answer, answered_tokens, model in rows:
        is_counted = model == counted_by
        asked = PromptMessage(PromptRole.USER, question)
        answered = PromptMessage(PromptRole.ASSISTANT, answer)
        messages += (
            ContextMessage(asked, asked_tokens if is_counted else None),
            ContextMessage(answered, answered_tokens if is_counted else None),
        )
    return ContextWindow(tuple(messages), len(given), counted_by)


def question_tokens(window: ContextWindow, usage: Usage) -> int | None:
    """Tell what a question added to the prompt; known when all before it had been billed before."""
    if usage.estimated or window.settled is None:
        return None
    added = usage.input_tokens - window.settled
    return added if added > 0 else None


def grow(window: ContextWindow, question: str, answer: str, usage: Usage) -> ContextWindow:
    """Add an exchange."""
    exact = not usage.estimated
    asked = PromptMessage(PromptRole.USER, question)
    answered = PromptMessage(PromptRole.ASSISTANT, answer)
    return replace(
        window,
        messages=(
            *window.messages,
            ContextMessage(asked, question_tokens(window, usage)),
            ContextMessage(answered, usage.output_tokens if exact else None),
        ),
        settled=usage.input_tokens + usage.output_tokens if exact else None,
    )
