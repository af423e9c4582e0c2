"""Joining: the web account gets everything that the Telegram account has.

It happens in one transaction, with locks in the order that all keep: the users by id, then the rows
of the capabilities. The Telegram account stays as a husk, for its ledger.
"""

from collections.abc import Sequence
from functools import partial

import structlog

from okno.accounts.cache import USER, AccountCache, PrincipalCache
from okno.accounts.errors import AlreadyJoined, UserNotFound
from okno.accounts.store.joining import JoiningStore
from okno.accounts.store.users import UserIdentities, UserStore
from okno.kit.actor import Role
from okno.kit.personal_data import PersonalData
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)


class Joining:
    """Joins accounts within the open transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: JoiningStore,
        users: UserStore,
        accounts: AccountCache,
        principal_cache: PrincipalCache,
        capabilities: Sequence[PersonalData],
    ) -> None:
        """`capabilities`: in the order in which they lock their rows."""
        self._uow = uow
        self._store = store
        self._users = users
        self._accounts = accounts
        self._principal_cache = principal_cache
        self._capabilities = capabilities

    async def require_web_account(self, user_id: int) -> None:
        """Raise `AlreadyJoined` unless the user signs in and is not known in Telegram.

        Raises `UserNotFound`.
        """
        user = await self._users.pin(user_id)
        if user is None:
            raise UserNotFound
        if not user.is_web_account:
            raise AlreadyJoined

    async def require_telegram_account(self, user_id: int) -> int:
        """Return the Telegram id of a user without a login.

        Raises `AlreadyJoined`, `UserNotFound`.
        """
        user = await self._users.pin(user_id)
        if user is None:
            raise UserNotFound
        if user.telegram_id is None or not user.is_telegram_account:
            raise AlreadyJoined
        return user.telegram_id

    async def lock(self, source: int, target: int) -> None:
        """Lock both users, so that nothing else is done with them meanwhile."""
        await self._store.lock(source, target)

    async def join(self, source_id: int, target_id: int) -> None:
        """Move everything of the Telegram account `source_id` to the web account `target_id`.

        Raises `AlreadyJoined`, `UserNotFound`, and the error of a capability that can't move its
        part.
        """
        users = await self._store.lock(source_id, target_id)
        if len(users) != len({source_id, target_id}):
            raise UserNotFound
        source, target = users[source_id], users[target_id]
        if not (source.is_telegram_account and target.is_web_account):
            raise AlreadyJoined
        for capability in self._capabilities:
            await capability.move(source_id, target_id)
        role = Role.ADMIN if Role.ADMIN in (source.role, target.role) else Role.USER
        await self._store.hand_over(source_id, target_id, role)
        self._tell_after_commit(source, target)

    def _tell_after_commit(self, source: UserIdentities, target: UserIdentities) -> None:
        if source.telegram_id is not None:
            self._uow.after_commit(partial(self._accounts.drop, source.telegram_id))
        # The entries of the users stand for their API keys, too, which have another owner now.
        users = USER.of(source.user_id), USER.of(target.user_id)
        self._uow.after_commit(partial(self._principal_cache.drop, *users))
        self._uow.after_commit(
            partial(log.info, "accounts joined", user_id=target.user_id, joined=source.user_id)
        )
