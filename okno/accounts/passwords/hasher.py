"""Hashing and checking passwords in threads.

A hash takes a tenth of a second and 64 MiB on purpose. Two threads do it: the event loop goes on,
and a rush of sign-ins takes no more memory.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from okno.accounts.errors import SignInsCrowded
from okno.accounts.passwords.rules import MAX_PASSWORD_LENGTH

ARGON2ID = Argon2Hasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""The costs of RFC 9106, section 4, for machines with little memory.

There is one lane instead of four, because the number of busy cores is set by the threads.
"""
_THREADS = 2
_MAX_WAITING = 100
"""Some seconds of work: a later caller would have given up before its turn."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a check; `new_hash`: to be stored, since the costs are higher today."""

    is_right: bool
    new_hash: str | None = None


class PasswordHasher:
    """Hashes and checks passwords; one per process."""

    def __init__(self, argon2: Argon2Hasher = ARGON2ID) -> None:
        self._argon2 = PasswordHash((argon2,))
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._unfinished = 0
        self._nobodys = self._threads.submit(self._argon2.hash, "nobody's password")

    async def hash(self, password: str) -> str:
        """Return the hash. Raises `SignInsCrowded`."""
        return await self._run(lambda: self._argon2.hash(_bytes(password)))

    async def verify(self, password: str, password_hash: str | None) -> Verdict:
        """Check a password. Without a hash it is wrong, which takes the same time to find out.

        Raises `SignInsCrowded`.
        """
        if len(password) > MAX_PASSWORD_LENGTH:
            return Verdict(is_right=False)  # no password is so long, so the time tells nothing
        return await self._run(lambda: self._verify(_bytes(password), password_hash))

    def close(self) -> None:
        """Drop the work that has not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: bytes, password_hash: str | None) -> Verdict:
        if password_hash is None:
            self._argon2.verify(password, self._nobodys.result())
            return Verdict(is_right=False)
        return Verdict(*self._argon2.verify_and_update(password, password_hash))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._unfinished >= _MAX_WAITING:
            raise SignInsCrowded
        self._unfinished += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(self._finished)
        return await future

    def _finished(self, _future: asyncio.Future[T]) -> None:
        self._unfinished -= 1


def _bytes(password: str) -> bytes:
    """Encode halves of surrogate pairs, too, which JSON can bring and UTF-8 has no form for."""
    return password.encode("utf-8", "surrogatepass")
