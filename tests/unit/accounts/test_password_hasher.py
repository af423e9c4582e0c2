"""Passwords are hashed well, beside the event loop, and not too many at once."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from okno.accounts.errors import SignInsCrowded
from okno.accounts.passwords import PasswordHasher, Verdict
from tests.support.passwords import CHEAP
from tests.support.wait import until

PASSWORD = "a window to the sea"
RIGHT = Verdict(is_right=True)
WRONG = Verdict(is_right=False)


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher()
    yield hasher
    hasher.close()


@pytest.fixture
def cheap_hasher() -> Iterator[PasswordHasher]:
    """Hash at a thousandth of the costs."""
    hasher = PasswordHasher(CHEAP)
    yield hasher
    hasher.close()


@pytest.mark.slow
async def test_a_hash_is_argon2id_with_its_own_salt_and_the_costs_of_rfc_9106(
    hasher: PasswordHasher,
) -> None:
    first, second = await asyncio.gather(hasher.hash(PASSWORD), hasher.hash(PASSWORD))

    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert first != second
    assert await hasher.verify(PASSWORD, first) == RIGHT
    assert await hasher.verify(PASSWORD, second) == RIGHT


@pytest.mark.parametrize("other", ["", "A window to the sea", "a window to the sea ", "a" * 129])
async def test_another_password_is_wrong(cheap_hasher: PasswordHasher, other: str) -> None:
    assert await cheap_hasher.verify(other, await cheap_hasher.hash(PASSWORD)) == WRONG


async def test_any_unicode_is_a_password_half_a_surrogate_pair_included(
    cheap_hasher: PasswordHasher,
) -> None:
    odd = "\ud83d окно \0 \U0001f600"
    hashed = await cheap_hasher.hash(odd)
    assert await cheap_hasher.verify(odd, hashed) == RIGHT
    assert await cheap_hasher.verify(odd.replace("\ud83d", "\ud83e"), hashed) == WRONG


@pytest.mark.slow
async def test_without_a_hash_every_password_is_wrong_after_the_same_work(
    hasher: PasswordHasher,
) -> None:
    hashed = await hasher.hash(PASSWORD)

    async def work(password_hash: str | None) -> float:
        begun = time.process_time()
        assert await hasher.verify("a wrong password", password_hash) == WRONG
        return time.process_time() - begun

    known = min([await work(hashed) for _ in range(3)])
    unknown = min([await work(None) for _ in range(3)])

    assert 0.6 < unknown / known < 1.6
    assert await hasher.verify("nobody's password", None) == WRONG


async def test_a_hash_of_lower_costs_is_replaced(hasher: PasswordHasher) -> None:
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),))

    verdict = await hasher.verify(PASSWORD, cheap.hash(PASSWORD))

    assert verdict.is_right
    assert verdict.new_hash is not None
    assert await hasher.verify(PASSWORD, verdict.new_hash) == RIGHT


async def test_the_event_loop_goes_on_while_a_password_is_hashed(hasher: PasswordHasher) -> None:
    turns = 0
    hashing = asyncio.ensure_future(hasher.hash(PASSWORD))  # noqa: TID251 - awaited below
    while not hashing.done():
        turns += 1
        await asyncio.sleep(0.001)
    await hashing
    assert turns > 5


async def test_two_are_hashed_at_once_and_of_those_who_wait_there_is_an_end(
    hasher: PasswordHasher,
) -> None:
    go_on = threading.Event()
    busy: set[str] = set()

    def work() -> str:
        busy.add(threading.current_thread().name)
        go_on.wait(10)
        return "done"

    run = hasher._run  # noqa: SLF001 - the places are counted with work that the test can end
    waiting = [asyncio.ensure_future(run(work)) for _ in range(100)]  # noqa: TID251
    await asyncio.sleep(0)
    with pytest.raises(SignInsCrowded):
        await hasher.hash(PASSWORD)
    waiting.pop().cancel()
    await asyncio.sleep(0)
    one_more = asyncio.ensure_future(run(work))  # noqa: TID251 - awaited below
    await asyncio.sleep(0)
    with pytest.raises(SignInsCrowded):
        await hasher.verify(PASSWORD, None)
    await until(lambda: len(busy) == 2)
    go_on.set()

    assert set(await asyncio.gather(*waiting, one_more)) == {"done"}
    assert len(busy) == 2
    assert await hasher.verify(PASSWORD, None) == WRONG
