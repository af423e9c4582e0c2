"""Hashing and checking passwords, beside the event loop.

It takes a tenth of a second and 64 MiB on purpose, so it is done by two threads of its own: the
event loop goes on, and no rush of sign-ins takes more memory.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from okno.accounts.errors import SignInsCrowded
from okno.accounts.passwords.rules import MOST

ARGON2ID = Argon2Hasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""The costs of RFC 9106, section 4, for where memory is scarce.

One lane, not four: how many cores are busy is for the threads to say.
"""
_THREADS = 2
_MOST_WAITING = 100
"""More than some seconds of work: whoever came after would have given up by then."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right; `new_hash`: to be stored, since today's costs are higher."""

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
        """Raises `SignInsCrowded`."""
        return await self._run(lambda: self._argon2.hash(_bytes(password)))

    async def verify(self, password: str, password_hash: str | None) -> Verdict:
        """Check a password; without a hash it is wrong, which takes the same time to find out.

        Raises `SignInsCrowded`.
        """
        if len(password) > MOST:
            return Verdict(is_right=False)  # nobody has such a one, so this tells nothing
        return await self._run(lambda: self._verify(_bytes(password), password_hash))

    def close(self) -> None:
        """Do nothing more that has not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: bytes, password_hash: str | None) -> Verdict:
        if password_hash is None:
            self._argon2.verify(password, self._nobodys.result())
            return Verdict(is_right=False)
        return Verdict(*self._argon2.verify_and_update(password, password_hash))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._unfinished >= _MOST_WAITING:
            raise SignInsCrowded
        self._unfinished += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(self._finished)
        return await future

    def _finished(self, _future: asyncio.Future[T]) -> None:
        self._unfinished -= 1


def _bytes(password: str) -> bytes:
    """JSON can bring halves of surrogate pairs, which UTF-8 has no form for."""
    return password.encode("utf-8", "surrogatepass")
