"""Context windows in Redis, so that a question needs no reading of the past.

They can be rebuilt from PostgreSQL at any time: without Redis a question is a little slower, and
nothing fails. A reset leaves the old window behind under its own key, where it runs out.
"""

import asyncio
from dataclasses import asdict
from json import dumps, loads
from typing import Any

import structlog

from okno.assistant.dto import ContextMessage, ContextWindow
from okno.kit.redis import Key, Redis, RedisError
from okno.llm.dto import PromptMessage, PromptRole

log = structlog.get_logger(__name__)

_KEY = Key("context", ttl=86_400)
_PATIENCE = 1.0
"""Seconds: PostgreSQL would have answered long before."""


class ContextCache:
    """Keeps the window of a conversation for a day after it was last used."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, conversation_id: int, context_from: int) -> ContextWindow | None:
        key = _KEY.of(conversation_id, context_from)
        try:
            async with asyncio.timeout(_PATIENCE):
                stored = await self._redis.getex(key, ex=_KEY.ttl)
        except (RedisError, TimeoutError) as error:
            log.warning("context window not read", key=key, error=repr(error))
            return None
        return None if stored is None else _decode(stored)

    async def put(self, conversation_id: int, context_from: int, window: ContextWindow) -> None:
        key = _KEY.of(conversation_id, context_from)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._redis.set(key, _encode(window), ex=_KEY.ttl)
        except (RedisError, TimeoutError) as error:
            log.warning("context window not kept", key=key, error=repr(error))


def _encode(window: ContextWindow) -> str:
    return dumps(asdict(window), ensure_ascii=False)


def _decode(stored: Any) -> ContextWindow | None:  # noqa: ANN401 - what Redis holds
    try:
        values = loads(stored)
        messages = tuple(_to_message(**message) for message in values.pop("messages"))
        return ContextWindow(messages=messages, **values)
    except (ValueError, TypeError, KeyError, AttributeError):
        # Written by another release: as good as nothing.
        return None


def _to_message(said: dict[str, str], tokens: int | None) -> ContextMessage:
    return ContextMessage(PromptMessage(PromptRole(said["role"]), said["text"]), tokens)
