"""Passwords: they are hashed with argon2id, and common ones are refused."""

from okno.accounts.passwords.hasher import PasswordHasher, Verdict
from okno.accounts.passwords.rules import check_password

__all__ = ["PasswordHasher", "Verdict", "check_password"]
