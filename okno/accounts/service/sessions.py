"""Use cases of sessions: renew, list and end them."""

from functools import partial
from uuid import UUID

import structlog

from okno.accounts.dto import Device, Session, SignIn
from okno.accounts.errors import SessionEnded, SessionNotFound, UserNotFound
from okno.accounts.service.access_tokens import AccessTokens, Signer
from okno.accounts.service.session_lifecycle import OpenSession, SessionLifecycle
from okno.accounts.store.sessions import SessionStore
from okno.accounts.store.users import UserStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_DELETED_AT_ONCE = 500


class SessionsService:
    """Renews, lists and ends sessions of users."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: SessionStore,
        users: UserStore,
        session_lifecycle: SessionLifecycle,
        access_tokens: AccessTokens,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._users = users
        self._session_lifecycle = session_lifecycle
        self._access_tokens = access_tokens
        self._clock = clock

    async def refresh(self, refresh_token: str, device: Device) -> SignIn:
        """Renew a session: return a new access token, and a new refresh token for the used one.

        Raises `SessionEnded`, also for a refresh token that was used before, which ends the
        session. Raises `TemporarilyUnavailable`.
        """
        signer = await self._access_tokens.signer()
        async with self._uow.begin():
            session = await self._session_lifecycle.renew(refresh_token, device)
        if session is None:
            raise SessionEnded
        return to_sign_in(session, signer)

    async def end(self, actor: Actor, session_id: UUID) -> None:
        """End a session of the acting user; a repeat does nothing. Raises `SessionNotFound`."""
        user_id = actor.require_user()
        async with self._uow.begin():
            if not await self._session_lifecycle.end(user_id, session_id):
                raise SessionNotFound

    async def end_all(self, actor: Actor, user_id: int, keep: UUID | None = None) -> None:
        """End all sessions of a user except `keep`: one's own, or as an admin anybody's.

        Raises `UserNotFound`.
        """
        if actor.user_id != user_id:
            actor.require_admin()
        async with self._uow.begin():
            if not await self._users.lock(user_id):
                raise UserNotFound
            await self._session_lifecycle.end_all(user_id, keep)
            self._uow.after_commit(
                partial(log.info, "sessions ended", user_id=user_id, ended_by=actor.user_id)
            )

    async def list(self, actor: Actor) -> tuple[Session, ...]:
        """Return the acting user's sessions, the latest use first."""
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._store.alive(user_id, self._clock.now())

    async def delete_over(self, actor: Actor) -> int:
        """Delete sessions that are over; return their number. Only the system may."""
        actor.require_system()
        now, deleted = self._clock.now(), 0
        while True:
            async with self._uow.begin():
                batch = await self._store.delete_over(now, _DELETED_AT_ONCE)
            deleted += batch
            if batch < _DELETED_AT_ONCE:
                return deleted


def to_sign_in(session: OpenSession, signer: Signer) -> SignIn:
    """Return the tokens of a session for the client."""
    access = signer.for_user(session.user_id, session.session_id)
    return SignIn(session.user_id, access.token, access.expires_in, session.refresh_token)
