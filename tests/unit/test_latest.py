"""A mailbox that holds the newest value alone."""

import asyncio

import pytest

from okno.kit.latest import Latest


async def test_only_the_newest_is_taken() -> None:
    latest = Latest[str]()
    for value in ("a", "ab", "abc"):
        latest.put(value)
    assert await anext(latest) == "abc"

    waiting = asyncio.gather(anext(latest))
    await asyncio.sleep(0)
    assert not waiting.done()
    latest.put("abcd")
    assert list(await waiting) == ["abcd"]


async def test_a_value_put_before_the_end_is_taken_before_it() -> None:
    latest = Latest[str]()
    latest.put("a")
    latest.close()

    assert [value async for value in latest] == ["a"]
    assert [value async for value in latest] == []


async def test_the_error_comes_after_the_last_value() -> None:
    latest = Latest[str]()
    latest.put("a")
    latest.close(ZeroDivisionError())

    assert await anext(latest) == "a"
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await anext(latest)


async def test_the_end_gives_the_last_value_though_it_was_taken() -> None:
    latest = Latest[str]()
    latest.put("a")
    await anext(latest)
    waiting = asyncio.gather(latest.last())
    await asyncio.sleep(0)
    assert not waiting.done()
    latest.close()

    assert list(await waiting) == ["a"]


async def test_the_error_is_raised_instead_of_the_last_value() -> None:
    latest = Latest[str]()
    latest.put("a")
    latest.close(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await latest.last()


async def test_a_change_is_noticed_once() -> None:
    latest = Latest[str]()
    latest.put("a")

    assert await latest.changed_within(10)
    assert not await latest.changed_within(0.001)
    assert latest.newest == "a"


async def test_the_end_is_a_change_and_a_beginning() -> None:
    latest = Latest[str]()
    latest.close()

    async with asyncio.timeout(5):
        assert await latest.changed_within(10)
        await latest.begun.wait()
