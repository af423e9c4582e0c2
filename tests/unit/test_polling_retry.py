"""Polling waits out what passes, and ends when the token is revoked."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetUpdates

from tgbot.polling import Polling

METHOD = GetUpdates()
REVOKED = TelegramUnauthorizedError(METHOD, "Unauthorized")


class FakeBot:
    """Answers each poll with the next of these outcomes."""

    def __init__(self, *outcomes: list[Any] | Exception) -> None:
        self.webhooks_deleted = 0
        self._outcomes = list(outcomes)

    async def delete_webhook(self) -> None:
        self.webhooks_deleted += 1
        if self.webhooks_deleted == 1:
            raise TelegramNetworkError(METHOD, "lost")

    async def __call__(self, _method: GetUpdates, **_: float) -> list[Any]:
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def test_pauses_double_and_begin_anew_after_a_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    lost = TelegramNetworkError(METHOD, "lost")
    bot = FakeBot(
        *[lost] * 7,
        [],
        TelegramConflictError(METHOD, "another one polls"),
        ClientDecodeError("unreadable", ValueError(), b""),
        TelegramRetryAfter(METHOD, "slow down", 7),
        [],
        REVOKED,
    )

    with pytest.raises(TelegramUnauthorizedError):
        await Polling(bot, None, []).run()  # type: ignore[arg-type] # a fake, and no updates

    assert bot.webhooks_deleted == 2
    assert slept == [1, 1, 2, 4, 8, 16, 30, 30, 1, 2, 7]
