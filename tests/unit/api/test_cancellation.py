"""Work that is broken off when nobody waits for it any more."""

import asyncio

import pytest
from starlette.types import Message

from api.cancellation import cancelled_by
from api.disconnects import ClientLeft, until_left
from api.draining import Draining
from okno.assistant.errors import AnswerInterrupted


class Stopped(Exception):
    """The error that a watcher raises."""


async def stop_at_once() -> None:
    raise Stopped


async def never() -> None:
    await asyncio.Event().wait()


async def test_work_that_nobody_breaks_off_is_done() -> None:
    async with cancelled_by(never, never):
        await asyncio.sleep(0)


async def test_a_watcher_breaks_it_off() -> None:
    is_cleaned_up = False
    with pytest.raises(Stopped):
        async with cancelled_by(never, stop_at_once):
            try:
                await never()
            finally:
                await asyncio.sleep(0)
                is_cleaned_up = True
    assert is_cleaned_up


async def test_what_the_work_raises_is_raised_as_it_is() -> None:
    error = ValueError("its own")
    with pytest.raises(ValueError, match="its own") as raised:
        async with cancelled_by(never):
            raise error
    assert raised.value is error


async def test_what_is_done_soon_is_not_cancelled_by() -> None:
    async with cancelled_by(stop_at_once, after=60):
        await asyncio.sleep(0.001)


async def test_who_is_cancelled_is_cancelled() -> None:
    async def work() -> None:
        async with cancelled_by(never):
            await never()

    task = asyncio.create_task(work())  # noqa: TID251 - awaited below
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_client_has_left_when_the_server_says_so() -> None:
    messages: list[Message] = [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0)

    with pytest.raises(ClientLeft):
        await until_left(receive)


async def test_the_end_of_the_process_interrupts() -> None:
    draining = Draining()
    draining.is_due.set()
    with pytest.raises(AnswerInterrupted):
        await draining.wait(AnswerInterrupted())
