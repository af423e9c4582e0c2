"""Passwords of Telegram accounts: asked for by anybody, good once the owner has confirmed them."""

from okno.accounts.passwords import PasswordHasher, check_password
from okno.accounts.service.session_lifecycle import SessionLifecycle
from okno.accounts.store.passwords import PasswordStore


class ConfirmedPasswords:
    """Hashes what is asked for, and puts it into force."""

    def __init__(
        self, hasher: PasswordHasher, store: PasswordStore, session_lifecycle: SessionLifecycle
    ) -> None:
        self._hasher = hasher
        self._store = store
        self._session_lifecycle = session_lifecycle

    async def hash(self, password: str, telegram_id: int) -> str:
        """Raise what is wrong with the password; see `check_password`."""
        check_password(password, str(telegram_id))
        return await self._hasher.hash(password)

    async def put_into_force(self, user_id: int, password_hash: str) -> None:
        """Let the user sign in with this password and no other, within the open transaction."""
        await self._store.set(user_id, password_hash)
        await self._session_lifecycle.end_all(user_id)
