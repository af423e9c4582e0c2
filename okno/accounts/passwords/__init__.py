"""Passwords: hashed with argon2id, never stored, and none of those that everybody tries first."""

from okno.accounts.passwords.hasher import PasswordHasher, Verdict
from okno.accounts.passwords.rules import check_password

__all__ = ["PasswordHasher", "Verdict", "check_password"]
