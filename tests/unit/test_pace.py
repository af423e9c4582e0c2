"""The pace of messages: as fast as Telegram allows, and no faster."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageText,
    GetMe,
    Response,
    SendChatAction,
    SendMediaGroup,
    SendMessage,
    SendMessageDraft,
    TelegramMethod,
)
from aiogram.types import InputMediaPhoto

from sandbox.telegram.errors import ApiError
from sandbox.telegram.limiter import RateLimiter
from tests.support.timing import VirtualTime
from tgbot.client import pace
from tgbot.client.pace import (
    CHAT_MESSAGES_AT_ONCE,
    CHAT_SECONDS,
    MAX_WAIT_SECONDS,
    MESSAGES_AT_ONCE,
    MESSAGES_PER_SECOND,
    PaceMiddleware,
)


class Line:
    """Calls through the pace, to a Telegram that counts as the emulator does."""

    def __init__(self) -> None:
        self.time = VirtualTime()
        self.pace = PaceMiddleware(self.time.now, self.time.sleep)
        self.limiter = RateLimiter(self.time.now)
        self.sent: list[tuple[float, int]] = []
        self.way = 0.0
        self._bot = Bot("1:demo")

    async def call(self, method: TelegramMethod[Any]) -> None:
        async def arrive(_bot: Bot, arrived: TelegramMethod[Any]) -> Response[Any]:
            self.time.seconds += self.way
            self.limiter.check(arrived)
            self.sent.append((self.time.now(), getattr(arrived, "chat_id", 0)))
            return Response(ok=True, result=True)

        await self.pace(arrive, self._bot, method)  # type: ignore[arg-type]  # a simpler callable

    async def send(self, chat_id: int = 1) -> None:
        await self.call(SendMessage(chat_id=chat_id, text="x"))

    @property
    def moments(self) -> list[float]:
        return [round(at, 2) for at, _ in self.sent]


@pytest.fixture
def line() -> Line:
    return Line()


async def test_a_burst_goes_at_once_and_the_rest_by_the_second(line: Line) -> None:
    for _ in range(CHAT_MESSAGES_AT_ONCE + 2):
        await line.send()

    assert line.moments == [0, 0, 0, CHAT_SECONDS, 2 * CHAT_SECONDS]


async def test_a_call_counts_from_its_arrival(line: Line) -> None:
    line.way = 0.5
    for _ in range(CHAT_MESSAGES_AT_ONCE):
        await line.send()
    line.way = 0.0
    for _ in range(3):
        await line.send()

    between = [
        later - sooner for sooner, later in pairwise(line.moments[CHAT_MESSAGES_AT_ONCE - 1 :])
    ]
    assert between == pytest.approx([CHAT_SECONDS] * 3, abs=0.02)


async def test_a_quiet_chat_has_its_burst_again(line: Line) -> None:
    for _ in range(CHAT_MESSAGES_AT_ONCE):
        await line.send()
    line.time.seconds = 60
    for _ in range(CHAT_MESSAGES_AT_ONCE + 1):
        await line.send()

    assert line.moments[CHAT_MESSAGES_AT_ONCE:] == [60, 60, 60, 60 + CHAT_SECONDS]


async def test_chats_do_not_wait_for_each_other(line: Line) -> None:
    await asyncio.gather(*(line.send() for _ in range(8)), line.send(chat_id=2))

    assert (0.0, 2) in line.sent


async def test_many_chats_together_keep_the_limit_of_all(line: Line) -> None:
    await asyncio.gather(*(line.send(chat_id) for chat_id in range(1, 101)))

    assert line.moments[MESSAGES_AT_ONCE - 1] == 0
    assert line.moments[-1] == pytest.approx(
        (100 - MESSAGES_AT_ONCE) / MESSAGES_PER_SECOND, abs=0.05
    )


async def test_messages_of_a_chat_keep_their_order(line: Line) -> None:
    order: list[int] = []

    async def send(number: int) -> None:
        await line.send()
        order.append(number)

    await asyncio.gather(*(send(number) for number in range(10)))

    assert order == list(range(10))


async def test_a_storm_makes_telegram_refuse_nothing(line: Line) -> None:
    await asyncio.gather(*(line.send(chat_id) for chat_id in range(1, 41) for _ in range(6)))

    assert len(line.sent) == 240


async def test_the_limits_of_telegram_are_real(line: Line) -> None:
    for _ in range(CHAT_MESSAGES_AT_ONCE):
        line.limiter.check(SendMessage(chat_id=1, text="x"))

    with pytest.raises(ApiError):
        line.limiter.check(SendMessage(chat_id=1, text="x"))


async def test_edits_count_as_messages(line: Line) -> None:
    for _ in range(CHAT_MESSAGES_AT_ONCE + 1):
        await line.call(EditMessageText(chat_id=1, message_id=2, text="x"))

    assert line.moments[-1] == CHAT_SECONDS


async def test_an_album_counts_as_its_pictures(line: Line) -> None:
    album = [InputMediaPhoto(media="x") for _ in range(10)]
    await line.call(SendMediaGroup(chat_id=1, media=list(album)))
    await line.send()

    assert line.moments[-1] == pytest.approx((10 - CHAT_MESSAGES_AT_ONCE + 1) * CHAT_SECONDS)


@pytest.mark.parametrize(
    "method",
    [
        SendMessageDraft(chat_id=1, draft_id=2, text="x"),
        SendChatAction(chat_id=1, action="typing"),
        AnswerCallbackQuery(callback_query_id="x"),
        DeleteMessage(chat_id=1, message_id=2),
        GetMe(),
    ],
)
async def test_what_telegram_does_not_count_never_waits(
    line: Line, method: TelegramMethod[Any]
) -> None:
    for _ in range(100):
        await line.call(method)

    assert line.time.slept == []


async def test_who_would_wait_too_long_is_refused_as_by_telegram(line: Line) -> None:
    outcomes = await asyncio.gather(*(line.send() for _ in range(40)), return_exceptions=True)

    refused = [error for error in outcomes if error is not None]
    assert len(line.sent) == CHAT_MESSAGES_AT_ONCE + int(MAX_WAIT_SECONDS / CHAT_SECONDS)
    assert all(isinstance(error, TelegramRetryAfter) for error in refused)
    assert line.time.seconds <= MAX_WAIT_SECONDS


async def test_a_cancelled_call_holds_up_nobody(line: Line) -> None:
    for _ in range(CHAT_MESSAGES_AT_ONCE):
        await line.send()
    waiting = [asyncio.create_task(line.send()) for _ in range(3)]  # noqa: TID251 - to cancel it
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert len(line.sent) == CHAT_MESSAGES_AT_ONCE + 2


async def test_quiet_chats_are_forgotten(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_MAX_CHAT_BUCKETS", 10)
    for chat_id in range(100):
        line.time.seconds += 10
        await line.send(chat_id)

    # Nobody sees from outside that memory is freed.
    assert len(line.pace._chats) <= 10  # noqa: SLF001
