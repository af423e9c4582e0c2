"""Whatever Telegram does, what has to arrive is tried again, and not without end."""

import asyncio

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
from tests.support.timing import RETRY_AT_ONCE
from tgbot.answers import Rhythm
from tgbot.retry import MAX_RETRY_AFTER_SECONDS, wait_before_sending_again

METHOD = SendMessage(chat_id=1, text="x")
LOST = TelegramNetworkError(METHOD, "lost")
UNREADABLE = ClientDecodeError("unreadable", ValueError(), b"a message of somebody")


class Step:
    """Fails in turn with each of these errors, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.attempts = 0

    async def __call__(self) -> None:
        self.attempts += 1
        if self._errors:
            raise self._errors.pop(0)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the pauses and wait for none of them."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return pauses


async def test_a_step_is_repeated_until_it_succeeds(slept: list[float]) -> None:
    step = Step(LOST, UNREADABLE, TimeoutError())

    await Rhythm().retry(wait_before_sending_again, step)

    assert step.attempts == 4
    assert slept == [2, 8, 20]


async def test_an_outage_of_ours_is_waited_out() -> None:
    step = Step(TemporarilyUnavailable(), RedisConnectionError())

    await RETRY_AT_ONCE(wait_before_sending_again, step)

    assert step.attempts == 3


async def test_telegram_is_obeyed(slept: list[float]) -> None:
    step = Step(TelegramRetryAfter(METHOD, "slow", 30))

    await Rhythm().retry(wait_before_sending_again, step)

    assert slept == [30]


async def test_a_long_ban_is_not_waited_for(slept: list[float]) -> None:
    step = Step(TelegramRetryAfter(METHOD, "slow", MAX_RETRY_AFTER_SECONDS + 1))

    with pytest.raises(TelegramRetryAfter):
        await Rhythm().retry(wait_before_sending_again, step)

    assert slept == []


async def test_the_attempts_have_an_end() -> None:
    step = Step(*[LOST] * 9)

    with pytest.raises(TelegramNetworkError):
        await RETRY_AT_ONCE(wait_before_sending_again, step)

    assert step.attempts == 4


async def test_who_is_gone_is_not_waited_for() -> None:
    step = Step(TelegramForbiddenError(METHOD, "bot was blocked by the user"))

    with pytest.raises(TelegramForbiddenError):
        await RETRY_AT_ONCE(wait_before_sending_again, step)

    assert step.attempts == 1


async def test_a_bug_is_not_repeated() -> None:
    step = Step(KeyError("x"))

    with pytest.raises(KeyError):
        await RETRY_AT_ONCE(wait_before_sending_again, step)

    assert step.attempts == 1


async def test_a_cancellation_ends_the_attempts() -> None:
    step = Step(asyncio.CancelledError())  # type: ignore[arg-type] # no Exception on purpose

    with pytest.raises(asyncio.CancelledError):
        await RETRY_AT_ONCE(wait_before_sending_again, step)

    assert step.attempts == 1
