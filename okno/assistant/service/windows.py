"""Context windows: kept in Redis, rebuilt from PostgreSQL, grown by answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from okno.assistant.context import ContextCache
from okno.assistant.dto import EMPTY_WINDOW, AtHand, ContextMessage, ContextWindow, Generation
from okno.assistant.store import AssistantStore
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage, PromptRole, Usage

MOST_EXCHANGES = 200
"""However short they are: a window has to be read and sent within a moment."""


class ContextWindows:
    """Finds and keeps context windows."""

    def __init__(self, uow: UnitOfWork, store: AssistantStore, cache: ContextCache) -> None:
        self._uow = uow
        self._store = store
        self._cache = cache

    async def load(self, at_hand: AtHand) -> ContextWindow:
        """Return what was said last in the conversation at hand."""
        if at_hand.conversation_id is None or at_hand.last_answer_id == 0:
            return EMPTY_WINDOW
        cached = await self._cache.get(at_hand.conversation_id, at_hand.context_from)
        # One without the last answer was left behind while Redis was out of reach.
        if cached is not None and cached.last_answer_id == at_hand.last_answer_id:
            return cached
        async with self._uow.begin():
            rows = await self._store.messages.answered(
                at_hand.conversation_id, at_hand.context_from, MOST_EXCHANGES + 1
            )
        return _rebuild(rows)

    async def keep(self, generation: Generation, window: ContextWindow) -> None:
        """Remember the window for the next question."""
        if window.messages:
            await self._cache.put(generation.conversation_id, generation.context_from, window)


def question_tokens(window: ContextWindow, usage: Usage) -> int | None:
    """Tell what a question added to the prompt; known when all before it had been billed before."""
    if usage.estimated or window.settled is None:
        return None
    added = usage.input_tokens - window.settled
    return added if added > 0 else None


def grow(
    window: ContextWindow, question: str, answer: str, answer_id: int, usage: Usage
) -> ContextWindow:
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
        last_answer_id=answer_id,
        settled=usage.input_tokens + usage.output_tokens if exact else None,
    )


def _rebuild(rows: Sequence[Any]) -> ContextWindow:
    """Make a window of the rows of `MessageStore.answered`."""
    messages: list[ContextMessage] = []
    counted_by, last_answer_id = (rows[-1][5], rows[-1][2]) if rows else ("", 0)
    for question, asked_tokens, _id, answer, answered_tokens, model in rows:
        is_counted = model == counted_by
        asked = PromptMessage(PromptRole.USER, question)
        answered = PromptMessage(PromptRole.ASSISTANT, answer)
        messages += (
            ContextMessage(asked, asked_tokens if is_counted else None),
            ContextMessage(answered, answered_tokens if is_counted else None),
        )
    return ContextWindow(tuple(messages), counted_by, last_answer_id=last_answer_id)
