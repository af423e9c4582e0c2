"""The question context of every user in Redis, so that a question reads nothing of the past.

It is a guess: when the question is stored, its revision is compared with PostgreSQL's, and a wrong
one is read anew. Without Redis a question is a little slower, and nothing fails.
"""

import asyncio
from typing import Any

import structlog
from pydantic_core import from_json, to_json

from okno.assistant.dto import ContextMessage, ContextWindow, CurrentConversation, QuestionContext
from okno.kit.redis import Key, RedisError, RedisPipeline
from okno.llm.dto import PromptMessage, PromptRole

log = structlog.get_logger(__name__)

_ROLES = {role.value: role for role in PromptRole}
_KEY = Key("question-context", ttl=86_400)
_TIMEOUT_SECONDS = 1.0
"""PostgreSQL would have answered long before."""


class ContextCache:
    """Keeps the question context of a user for a day after the last answer."""

    def __init__(self, redis: RedisPipeline) -> None:
        self._redis = redis

    async def get(self, user_id: int) -> QuestionContext | None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                stored = await self._redis.run("GET", _KEY.of(user_id))
        except (RedisError, TimeoutError) as error:
            log.warning("context not read", user_id=user_id, error=repr(error))
            return None
        return None if stored is None else _decode(stored)

    async def put(self, user_id: int, context: QuestionContext) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await self._redis.run("SET", _KEY.of(user_id), _encode(context), "EX", _KEY.ttl)
        except (RedisError, TimeoutError) as error:
            log.warning("context not kept", user_id=user_id, error=repr(error))

    async def drop(self, user_id: int) -> None:
        """Forget the context; without Redis it stays there until its time is over."""
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await self._redis.run("DEL", _KEY.of(user_id))
        except (RedisError, TimeoutError) as error:
            log.warning("context not dropped", user_id=user_id, error=repr(error))


def _encode(context: QuestionContext) -> bytes:
    current, window = context.current, context.window
    return to_json(
        (
            (current.revision, current.conversation_id, current.model, current.persona),
            current.context_cut,
            (window.given, window.model, window.persona, window.settled, window.is_cut),
            [(one.said.role.value, one.said.text, one.tokens) for one in window.messages],
        )
    )


def _decode(stored: Any) -> QuestionContext | None:  # noqa: ANN401 - from Redis
    try:
        current, context_cut, window, messages = from_json(stored)
        revision, conversation_id, model, persona = current
        given, counted_by, known_to, settled, is_cut = window
        return QuestionContext(
            CurrentConversation(
                revision,
                conversation_id,
                model,
                persona,
                context_cut=context_cut,
                is_context_empty=not messages,
            ),
            ContextWindow(
                tuple(
                    ContextMessage(PromptMessage(_ROLES[role], text), tokens)
                    for role, text, tokens in messages
                ),
                given,
                counted_by,
                known_to,
                settled,
                is_cut,
            ),
        )
    except (LookupError, TypeError, ValueError):
        # Another release has written it.
        return None
