"""The rules of passwords: OWASP ASVS 5.0, 6.2."""

from functools import cache
from pathlib import Path

from okno.accounts.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort

MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 128
"""Characters, any of Unicode and taken as typed: 6.2.1, 6.2.5 and 6.2.9."""
_COMMON = Path(__file__).with_name("common.txt")
"""The 3,000 most common passwords of that length, by frequency, from zxcvbn's lists (MIT)."""


def check_password(password: str, login: str | None = None) -> None:
    """Check a new password for the account with this login (6.2.4).

    Raises `PasswordTooShort`, `PasswordTooLong`, `PasswordTooCommon`.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise PasswordTooShort(least=MIN_PASSWORD_LENGTH)
    if len(password) > MAX_PASSWORD_LENGTH:
        raise PasswordTooLong(most=MAX_PASSWORD_LENGTH)
    known = password.lower()
    if known == login or known in _common():
        raise PasswordTooCommon


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="ascii").split())
