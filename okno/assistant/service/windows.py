"""Context windows: made from messages of a client or of the history, and grown by answers."""

from collections.abc import Sequence
from dataclasses import replace

from okno.assistant.dto import ContextMessage, ContextWindow, PastExchange
from okno.assistant.errors import ContextTooLong
from okno.assistant.service.texts import spoken
from okno.llm.dto import PromptMessage, PromptRole, Usage

MAX_EXCHANGES = 200
"""However short they are: a window has to be read and sent within a moment."""
MAX_GIVEN_MESSAGES = 2 * MAX_EXCHANGES
"""Messages that a client may put into a context."""
MAX_GIVEN_CHARACTERS = 400_000
"""Characters of all of them together."""


def checked(given: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    """Clean the messages of a client so that they can be stored. Raises `ContextTooLong`."""
    if (
        len(given) > MAX_GIVEN_MESSAGES
        or sum(len(one.text) for one in given) > MAX_GIVEN_CHARACTERS
    ):
        raise ContextTooLong(messages=MAX_GIVEN_MESSAGES, characters=MAX_GIVEN_CHARACTERS)
    return spoken(given)


def window_of(given: Sequence[PromptMessage], past: Sequence[PastExchange] = ()) -> ContextWindow:
    """Make a window of the messages that a client has given, and the exchanges since."""
    messages = [ContextMessage(said, None) for said in given]
    counted_by = past[-1].model if past else ""
    for exchange in past:
        both = (exchange.question, exchange.answer)
        if exchange.model != counted_by:
            both = (replace(both[0], tokens=None), replace(both[1], tokens=None))
        messages += both
    return ContextWindow(tuple(messages), len(given), counted_by)


def question_tokens(window: ContextWindow, usage: Usage) -> int | None:
    """Return the tokens that a question added; None unless all before it had been billed."""
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
