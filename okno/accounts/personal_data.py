"""Accounts' part when two accounts are joined, one is deleted or exported."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from okno.accounts.port import Budgets
from okno.accounts.service import AccountsService, ApiKeysService, SessionsService
from okno.accounts.store.joining import JoiningStore
from okno.kit.actor import Actor


class AccountsData:
    """The identities of a user, sessions and API keys."""

    def __init__(
        self,
        store: JoiningStore,
        accounts: AccountsService,
        sessions: SessionsService,
        api_keys: ApiKeysService,
        budgets: Budgets,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._sessions = sessions
        self._api_keys = api_keys
        self._budgets = budgets

    async def move(self, source: int, target: int) -> None:
        """Move the API keys; `Joining` hands over the identity, when all else has moved."""
        await self._store.move_api_keys(source, target)

    async def forget(self, user_id: int) -> None:
        """Do nothing: `PersonalDataService` deletes the user and drops the caches."""

    async def export(self, actor: Actor) -> Mapping[str, Any]:
        """Raise `UserNotFound`."""
        keys = await self._api_keys.list(actor)
        budgets = await self._budgets.budgets(actor, [key.id for key in keys])
        return {
            **asdict(await self._accounts.details(actor)),
            "sessions": [asdict(session) for session in await self._sessions.list(actor)],
            "api_keys": [
                {**asdict(key), "budget": asdict(budgets[key.id]) if key.id in budgets else None}
                for key in keys
            ],
        }
