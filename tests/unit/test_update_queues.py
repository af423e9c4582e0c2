"""Queues of updates: in order for one user, side by side for several users."""

import asyncio
from typing import Any, cast

import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Update

from okno.kit.nursery import Nursery
from tests.support.wait import until
from tgbot import update_queues
from tgbot.update_queues import UpdateQueues


class Handlers:
    """A dispatcher whose handlers run until they are let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self._go: dict[int, asyncio.Event] = {}

    async def feed_update(self, _bot: Bot, update: Update) -> None:
        self.begun.append(update.update_id)
        await self._go.setdefault(update.update_id, asyncio.Event()).wait()
        if update.update_id == 13:
            raise ZeroDivisionError

    def let_go(self, *numbers: int) -> None:
        for number in numbers:
            self._go.setdefault(number, asyncio.Event()).set()


def update(number: int, user_id: int) -> Update:
    user = {"id": user_id, "is_bot": False, "first_name": "x"}
    chat = {"id": user_id, "type": "private"}
    message: dict[str, Any] = {"message_id": number, "date": 1, "chat": chat, "from": user}
    return Update.model_validate({"update_id": number, "message": message})


def create(handlers: Handlers, nursery: Nursery) -> UpdateQueues:
    return UpdateQueues(cast(Bot, None), cast(Dispatcher, handlers), nursery)


async def test_the_next_update_of_a_user_waits_for_the_one_before() -> None:
    handlers, nursery = Handlers(), Nursery()
    queues = create(handlers, nursery)
    first = await queues.submit(update(1, user_id=7))
    second = await queues.submit(update(2, user_id=7))
    await until(lambda: handlers.begun == [1])

    handlers.let_go(2)
    await asyncio.sleep(0)
    assert handlers.begun == [1]

    handlers.let_go(1)
    await asyncio.gather(first, second)
    assert handlers.begun == [1, 2]
    await nursery.close()


async def test_users_do_not_wait_for_each_other() -> None:
    handlers, nursery = Handlers(), Nursery()
    queues = create(handlers, nursery)
    await queues.submit(update(1, user_id=7))
    await queues.submit(update(2, user_id=8))

    await until(lambda: handlers.begun == [1, 2])

    handlers.let_go(1, 2)
    await nursery.close()


async def test_a_failure_does_not_stop_the_queue() -> None:
    handlers, nursery = Handlers(), Nursery()
    queues = create(handlers, nursery)
    handlers.let_go(13, 14)

    done = [await queues.submit(update(number, user_id=7)) for number in (13, 14)]
    await asyncio.gather(*done)

    assert handlers.begun == [13, 14]
    await nursery.close()


async def test_when_too_much_waits_no_more_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update_queues, "MAX_WAITING", 2)
    handlers, nursery = Handlers(), Nursery()
    queues = create(handlers, nursery)
    for number in (1, 2):
        await queues.submit(update(number, user_id=7))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await queues.submit(update(3, user_id=8))

    handlers.let_go(1, 2, 3)
    await (await queues.submit(update(3, user_id=8)))
    await nursery.close()


async def test_what_shutdown_cuts_off_is_told_to_whoever_waits() -> None:
    handlers, nursery = Handlers(), Nursery(grace=0.01)
    queues = create(handlers, nursery)
    running = await queues.submit(update(1, user_id=7))
    waiting = await queues.submit(update(2, user_id=7))
    await until(lambda: handlers.begun == [1])

    await nursery.close()

    assert running.cancelled()
    assert waiting.cancelled()


async def test_one_who_sends_hundreds_keeps_nobody_else_waiting() -> None:
    handlers, nursery = Handlers(), Nursery()
    queues = create(handlers, nursery)

    flood = [await queues.submit(update(number, user_id=7)) for number in range(100, 500)]
    other = await queues.submit(update(1, user_id=8))

    await until(lambda: handlers.begun == [100, 1])
    assert sum(done.done() for done in flood) == 400 - update_queues.MAX_PER_USER
    handlers.let_go(1, *range(100, 500))
    await asyncio.gather(other, *flood)
    await nursery.close()
    assert len(handlers.begun) == update_queues.MAX_PER_USER + 1


async def test_a_payment_is_never_left_out() -> None:
    handlers, nursery = Handlers(), Nursery()
    queues = create(handlers, nursery)
    for number in range(100, 200):
        await queues.submit(update(number, user_id=7))
    paid = update(1, user_id=7).model_dump(mode="json", by_alias=True, exclude_none=True)
    paid["message"]["successful_payment"] = {
        "currency": "XTR",
        "total_amount": 50,
        "invoice_payload": "small",
        "telegram_payment_charge_id": "c1",
        "provider_payment_charge_id": "",
    }

    done = await queues.submit(Update.model_validate(paid))

    handlers.let_go(1, *range(100, 200))
    await done
    await nursery.close()
    assert handlers.begun[-1] == 1
