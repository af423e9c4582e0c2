"""The personal data of a user: all of it is exported as one file, or deleted."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from json import dumps
from typing import Any

import structlog

from okno.accounts.cache import USER, AccountCache, PrincipalCache
from okno.accounts.store.users import UserStore
from okno.kit.actor import Actor
from okno.kit.personal_data import PersonalData
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)


class PersonalDataService:
    """Exports and deletes; asks the capabilities in the order in which they lock their rows."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: UserStore,
        accounts: AccountCache,
        principals: PrincipalCache,
        capabilities: Sequence[PersonalData],
    ) -> None:
        self._uow = uow
        self._store = store
        self._accounts = accounts
        self._principals = principals
        self._capabilities = capabilities

    async def export(self, actor: Actor) -> bytes:
        """Return all that is stored about the acting user: UTF-8 JSON, times as ISO 8601.

        Raises `UserNotFound`.
        """
        exported: dict[str, Any] = {}
        for capability in self._capabilities:
            exported.update(await capability.export(actor))
        return dumps(exported, ensure_ascii=False, indent=2, default=_plain).encode()

    async def delete(self, actor: Actor) -> None:
        """Delete the acting user for good; a repeat does nothing.

        Sessions and API keys are deleted with the user, and are refused from then on.
        """
        user_id = actor.require_user()
        async with self._uow.begin():
            for capability in self._capabilities:
                await capability.forget(user_id)
            telegram_id = await self._store.delete(user_id)
            self._uow.after_commit(partial(self._principals.drop, USER.of(user_id)))
            if telegram_id is not None:
                self._uow.after_commit(partial(self._accounts.drop, telegram_id))
            self._uow.after_commit(partial(log.info, "user deleted", user_id=user_id))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
