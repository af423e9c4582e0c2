"""Whatever Telegram does, the end of an answer is tried again, and not without end."""

from collections.abc import Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import SendMessage

from tests.support.timing import AT_ONCE, VirtualTime
from tgbot.answers.delivery import LONGEST_REST, Delivery
from tgbot.answers.rhythm import Rhythm

METHOD = SendMessage(chat_id=1, text="x")
LOST = TelegramNetworkError(METHOD, "lost")


class Step:
    """Fails in turn with each of these errors, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.attempts = 0

    async def __call__(self) -> None:
        self.attempts += 1
        if self._errors:
            raise self._errors.pop(0)


class Patience(Delivery):
    def __init__(self, rhythm: Rhythm, time: VirtualTime) -> None:
        super().__init__(Bot("1:demo"), 1, None, rhythm, time.sleep)  # type: ignore[arg-type] # no window

    async def insist(self, step: Callable[[], Awaitable[None]]) -> None:
        await self._insist(step)


async def test_a_step_is_repeated_until_it_succeeds() -> None:
    time, step = (
        VirtualTime(),
        Step(LOST, ClientDecodeError("x", ValueError(), b""), TimeoutError()),
    )

    await Patience(Rhythm(pauses=(1, 2, 3)), time).insist(step)

    assert step.attempts == 4
    assert time.slept == [1, 2, 3]


async def test_telegram_is_obeyed() -> None:
    time, step = VirtualTime(), Step(TelegramRetryAfter(METHOD, "slow", 30))

    await Patience(Rhythm(pauses=(1,)), time).insist(step)

    assert time.slept == [30]


async def test_a_long_ban_is_not_waited_for() -> None:
    time, step = VirtualTime(), Step(TelegramRetryAfter(METHOD, "slow", LONGEST_REST + 1))

    with pytest.raises(TelegramRetryAfter):
        await Patience(Rhythm(pauses=(1,)), time).insist(step)

    assert time.slept == []


async def test_the_attempts_have_an_end() -> None:
    step = Step(*[LOST] * 9)

    with pytest.raises(TelegramNetworkError):
        await Patience(AT_ONCE, VirtualTime()).insist(step)

    assert step.attempts == len(AT_ONCE.pauses) + 1


async def test_who_is_gone_is_not_waited_for() -> None:
    step = Step(TelegramForbiddenError(METHOD, "bot was blocked by the user"))

    with pytest.raises(TelegramForbiddenError):
        await Patience(AT_ONCE, VirtualTime()).insist(step)

    assert step.attempts == 1


async def test_a_bug_is_not_repeated() -> None:
    step = Step(KeyError("x"))

    with pytest.raises(KeyError):
        await Patience(AT_ONCE, VirtualTime()).insist(step)

    assert step.attempts == 1
