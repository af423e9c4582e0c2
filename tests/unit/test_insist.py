"""Whatever Telegram does, what has to arrive is tried again, and not without end."""

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import SendMessage
from redis.exceptions import ConnectionError as RedisConnectionError

from okno.kit.errors import TemporarilyUnavailable
from tests.support.timing import AT_ONCE, VirtualTime
from tgbot.insist import LONGEST_REST, insist

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


async def test_a_step_is_repeated_until_it_succeeds() -> None:
    time, step = (
        VirtualTime(),
        Step(LOST, ClientDecodeError("x", ValueError(), b""), TimeoutError()),
    )

    await insist(step, (1, 2, 3), time.sleep)

    assert step.attempts == 4
    assert time.slept == [1, 2, 3]


async def test_an_outage_of_ours_is_waited_out() -> None:
    time, step = VirtualTime(), Step(TemporarilyUnavailable(), RedisConnectionError())

    await insist(step, (1, 2), time.sleep)

    assert step.attempts == 3


async def test_telegram_is_obeyed() -> None:
    time, step = VirtualTime(), Step(TelegramRetryAfter(METHOD, "slow", 30))

    await insist(step, (1,), time.sleep)

    assert time.slept == [30]


async def test_a_long_ban_is_not_waited_for() -> None:
    time, step = VirtualTime(), Step(TelegramRetryAfter(METHOD, "slow", LONGEST_REST + 1))

    with pytest.raises(TelegramRetryAfter):
        await insist(step, (1,), time.sleep)

    assert time.slept == []


async def test_the_attempts_have_an_end() -> None:
    step = Step(*[LOST] * 9)

    with pytest.raises(TelegramNetworkError):
        await insist(step, AT_ONCE.pauses)

    assert step.attempts == len(AT_ONCE.pauses) + 1


async def test_who_is_gone_is_not_waited_for() -> None:
    step = Step(TelegramForbiddenError(METHOD, "bot was blocked by the user"))

    with pytest.raises(TelegramForbiddenError):
        await insist(step, AT_ONCE.pauses)

    assert step.attempts == 1


async def test_a_bug_is_not_repeated() -> None:
    step = Step(KeyError("x"))

    with pytest.raises(KeyError):
        await insist(step, AT_ONCE.pauses)

    assert step.attempts == 1
