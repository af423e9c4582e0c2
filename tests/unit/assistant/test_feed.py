"""The way of an answer to whoever shows it."""

import asyncio

import pytest

from okno.assistant.dto import Growing, Progress
from okno.assistant.errors import AnswerFiltered
from okno.assistant.service.feed import Feed
from okno.llm.dto import Queued


async def test_only_the_newest_is_taken() -> None:
    feed = Feed[Progress]()
    feed.put(Queued(1))
    feed.put(Growing("a"))
    feed.put(Growing("ab"))
    assert await feed.take() == Growing("ab")

    waiting = asyncio.gather(feed.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    feed.put(Growing("abc"))
    (taken,) = await waiting
    assert taken == Growing("abc")


async def test_what_was_put_before_the_end_is_taken_before_it() -> None:
    feed = Feed[Progress]()
    feed.put(Growing("a"))
    feed.close()

    assert await feed.take() == Growing("a")
    assert await feed.take() is None
    assert await feed.take() is None


async def test_an_error_is_raised_where_it_is_read() -> None:
    feed = Feed[Progress]()
    feed.close(AnswerFiltered())

    with pytest.raises(AnswerFiltered):
        await feed.take()
