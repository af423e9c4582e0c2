"""Passwords of Telegram accounts: anybody may ask for one, its owner has to confirm it."""

from okno.accounts.passwords import PasswordHasher, check_password
from okno.accounts.service.session_lifecycle import SessionLifecycle
from okno.accounts.store.passwords import PasswordStore


class ConfirmedPasswords:
    """Checks and hashes a requested password, and sets it once it is confirmed."""

    def __init__(
        self, hasher: PasswordHasher, store: PasswordStore, session_lifecycle: SessionLifecycle
    ) -> None:
        self._hasher = hasher
        self._store = store
        self._session_lifecycle = session_lifecycle

    async def hash(self, password: str, telegram_id: int) -> str:
        """Check and hash a password.

        Raises `PasswordTooShort`, `PasswordTooLong`, `PasswordTooCommon`, `SignInsCrowded`.
        """
        check_password(password, str(telegram_id))
        return await self._hasher.hash(password)

    async def put_into_force(self, user_id: int, password_hash: str) -> None:
        """Set the user's only password and end all sessions, within the open transaction."""
        await self._store.set(user_id, password_hash)
        await self._session_lifecycle.end_all(user_id)
