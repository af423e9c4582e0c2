"""Passwords that are hashed quickly, for tests that are about something else."""

from collections.abc import Iterator

from dishka import Provider, Scope, provide
from pwdlib.hashers.argon2 import Argon2Hasher

from okno.accounts.passwords import PasswordHasher

CHEAP = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)


class CheapPasswords(Provider):
    """The real hasher at a thousandth of its costs."""

    scope = Scope.APP

    @provide
    def hasher(self) -> Iterator[PasswordHasher]:
        hasher = PasswordHasher(CHEAP)
        yield hasher
        hasher.close()
