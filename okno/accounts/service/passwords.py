"""Use cases of passwords: registering, signing in, changing the password.

Nothing about the answer, its time included, tells whether the login or the password was wrong. No
transaction is open while a password is hashed.
"""

import re
from functools import partial
from uuid import UUID

import structlog

from okno.accounts.dto import Device, Language, SignIn
from okno.accounts.errors import CredentialsWrong, LoginInvalid, LoginTaken
from okno.accounts.passwords import PasswordHasher, check_password
from okno.accounts.service.access_tokens import AccessTokens
from okno.accounts.service.session_lifecycle import SessionLifecycle
from okno.accounts.service.sessions import to_sign_in
from okno.accounts.store.passwords import KnownPassword, PasswordStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_LOGIN = re.compile(r"[A-Za-z0-9._@-]{3,64}")
_TELEGRAM_ID = re.compile(r"[0-9]{1,18}")


class PasswordsService:
    """Recognises users by login, or Telegram id, and password."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: PasswordStore,
        hasher: PasswordHasher,
        session_lifecycle: SessionLifecycle,
        access_tokens: AccessTokens,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._hasher = hasher
        self._session_lifecycle = session_lifecycle
        self._access_tokens = access_tokens
        self._clock = clock

    async def register(
        self, login: str, password: str, device: Device, language: Language
    ) -> SignIn:
        """Make an account and open a session.

        Logins that differ only in case are the same. Raises `LoginInvalid`, `LoginTaken`,
        `PasswordTooShort`, `PasswordTooLong`, `PasswordTooCommon`, `SignInsCrowded`.
        """
        if not _LOGIN.fullmatch(login) or login.isdigit():
            raise LoginInvalid
        key = login.lower()
        check_password(password, key)
        password_hash = await self._hasher.hash(password)
        signer = await self._access_tokens.signer()
        async with self._uow.begin():
            user_id = await self._store.add_user(
                key, login, password_hash, language, self._clock.now()
            )
            if user_id is None:
                raise LoginTaken
            session = await self._session_lifecycle.open(user_id, device)
            self._uow.after_commit(
                partial(log.info, "user registered", user_id=user_id, language=language)
            )
        return to_sign_in(session, signer)

    async def sign_in(self, login: str, password: str, device: Device) -> SignIn:
        """Open a session; `login` may be the Telegram id of a user who has confirmed a password.

        Raises `CredentialsWrong`, `SignInsCrowded`.
        """
        async with self._uow.begin():
            known = await self._find(login)
        hashed = None if known is None else known.password_hash
        verdict = await self._hasher.verify(password, hashed)
        signer = await self._access_tokens.signer()
        if known is None or hashed is None or not verdict.is_right:
            log.warning(
                "sign-in refused",
                user_id=None if known is None else known.user_id,
                address=device.address,
            )
            raise CredentialsWrong
        async with self._uow.begin():
            # A change of the password ends all sessions, so none may begin with the old password.
            if not await self._store.lock(known.user_id, hashed):
                raise CredentialsWrong
            if verdict.new_hash is not None:
                await self._store.set(known.user_id, verdict.new_hash)
            session = await self._session_lifecycle.open(known.user_id, device)
        return to_sign_in(session, signer)

    async def confirm(self, actor: Actor, password: str) -> None:
        """Compare with the password of the acting user. Raises `CredentialsWrong`."""
        user_id = actor.require_user()
        async with self._uow.begin():
            known = await self._store.get(user_id)
        if known is None or not await self._is_right(known, password):
            log.warning("password not confirmed", user_id=user_id)
            raise CredentialsWrong

    async def change(self, actor: Actor, session_id: UUID, old: str, new: str) -> None:
        """Change the acting user's password and end the user's other sessions.

        Raises `CredentialsWrong` for a wrong old one, `PasswordTooShort`, `PasswordTooLong`,
        `PasswordTooCommon`, `SignInsCrowded`.
        """
        user_id = actor.require_user()
        async with self._uow.begin():
            known = await self._store.get(user_id)
        login, hashed = (None, None) if known is None else (known.login, known.password_hash)
        check_password(new, login)
        if hashed is None or not (await self._hasher.verify(old, hashed)).is_right:
            raise CredentialsWrong
        new_hash = await self._hasher.hash(new)
        async with self._uow.begin():
            if not await self._store.lock(user_id, hashed):
                raise CredentialsWrong
            await self._store.set(user_id, new_hash)
            await self._session_lifecycle.end_all(user_id, keep=session_id)
            self._uow.after_commit(partial(log.info, "password changed", user_id=user_id))

    async def _is_right(self, known: KnownPassword, password: str) -> bool:
        return (await self._hasher.verify(password, known.password_hash)).is_right

    async def _find(self, login: str) -> KnownPassword | None:
        if _TELEGRAM_ID.fullmatch(login):
            return await self._store.find_by_telegram_id(int(login))
        if _LOGIN.fullmatch(login):
            return await self._store.find_by_login(login.lower())
        return None
