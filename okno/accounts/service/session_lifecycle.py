"""Sessions from their start to their end: each is a family of refresh tokens.

One refresh token of a session is valid at a time. A token that comes a second time was stolen, from
the client or by the client: nobody can tell, so the session ends (RFC 9700, 4.14.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import structlog

from okno.accounts.cache import SESSION, PrincipalCache
from okno.accounts.dto import Device
from okno.accounts.store.sessions import SessionStore
from okno.accounts.tokens import REFRESH_TOKEN_PREFIX, draw_token, hash_of
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

SESSION_LIFETIME = timedelta(days=30)
"""The lifetime of a refresh token: a user who is away for longer signs in again."""
MAX_SESSIONS = 50
"""Sessions of one user: one more ends the session that was not used for longest."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with its valid refresh token."""

    user_id: int
    session_id: UUID
    refresh_token: str


class SessionLifecycle:
    """Opens, renews and ends sessions, within the open transaction.

    Tokens of an ended session are refused from the commit on.
    """

    def __init__(
        self, uow: UnitOfWork, store: SessionStore, cache: PrincipalCache, clock: Clock
    ) -> None:
        self._uow = uow
        self._store = store
        self._cache = cache
        self._clock = clock

    async def open(self, user_id: int, device: Device) -> OpenSession:
        """Open a session. The user is locked, so that two at once can't exceed the maximum."""
        now, session_id = self._clock.now(), uuid4()
        await self._store.add(session_id, user_id, device, now, now + SESSION_LIFETIME)
        self._refuse(await self._store.end_oldest(user_id, MAX_SESSIONS, now))
        return OpenSession(user_id, session_id, await self._add_token(session_id))

    async def renew(self, refresh_token: str, device: Device) -> OpenSession | None:
        """Exchange a refresh token for the next one; None: it is not valid.

        The transaction has to be committed even then, because it may have ended the session.
        """
        now, token_hash = self._clock.now(), hash_of(refresh_token)
        session = await self._store.prolong(token_hash, device, now, now + SESSION_LIFETIME)
        if session is None:
            return None
        if not await self._store.use_token(token_hash, now):
            log.warning(
                "refresh token came a second time",
                user_id=session.user_id,
                session=str(session.session_id),
                address=device.address,
            )
            await self.end(session.user_id, session.session_id)
            return None
        await self._store.delete_tokens(session.session_id, now - SESSION_LIFETIME)
        token = await self._add_token(session.session_id)
        return OpenSession(session.user_id, session.session_id, token)

    async def end(self, user_id: int, session_id: UUID) -> bool:
        """End a session of this user; False: there is no such session. A repeat does nothing."""
        is_there = await self._store.end(user_id, session_id, self._clock.now())
        if is_there:
            self._refuse([session_id])
        return is_there

    async def end_all(self, user_id: int, keep: UUID | None = None) -> None:
        """End all sessions of a user, who is locked, except `keep`."""
        self._refuse(await self._store.end_all(user_id, self._clock.now(), keep))

    async def _add_token(self, session_id: UUID) -> str:
        token = draw_token(REFRESH_TOKEN_PREFIX)
        await self._store.add_token(hash_of(token), session_id, self._clock.now())
        return token

    def _refuse(self, session_ids: Iterable[UUID]) -> None:
        names = [SESSION.of(str(session_id)) for session_id in session_ids]
        if names:
            self._uow.after_commit(partial(self._cache.drop, *names))
