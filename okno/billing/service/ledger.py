"""The ledger: balances and their entries, for all use cases of billing.

Locks are always taken in one order, so that no two transactions can block each other: the user
(against deletion), the payment, the balance, the hold.
"""

from functools import partial

import structlog

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.billing.config import BillingSettings
from okno.billing.dto import Balance, EntryKind
from okno.billing.store.balances import BalanceStore
from okno.billing.store.ledger import LedgerStore, NewEntry
from okno.billing.store.welcome import WelcomeStore
from okno.kit.actor import SYSTEM
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)


class Ledger:
    """Opens and locks balances, and books entries, within the open transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        accounts: AccountsService,
        balances: BalanceStore,
        ledger_store: LedgerStore,
        welcome: WelcomeStore,
        clock: Clock,
        settings: BillingSettings,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._balances = balances
        self._ledger_store = ledger_store
        self._welcome = welcome
        self._clock = clock
        self._welcome_tokens = settings.welcome_tokens

    async def pin(self, user_id: int) -> str | None:
        """Keep the user from being deleted, and return the identity; None: there is no such user.

        See `AccountsService.pin`.
        """
        return await self._accounts.pin(SYSTEM, user_id)

    async def lock(self, user_id: int) -> Balance:
        """Lock the user's balance; the first one begins with the welcome grant.

        Raises `UserNotFound`.
        """
        identity = await self.pin(user_id)
        if identity is None:
            raise UserNotFound
        balance = await self._balances.lock(user_id)
        if balance is None:
            if await self._balances.open(user_id):
                await self._welcome_user(user_id, identity)
            balance = await self._balances.lock(user_id)
        if balance is None:
            raise RuntimeError("a balance that was opened is not there")
        return balance

    async def book(self, entry: NewEntry) -> None:
        """Change the balance, which is locked, by an entry that has to be possible.

        `RuntimeError` when it is not: the transaction must not go on as if it were booked.
        """
        if not await self.try_to_book(entry):
            raise RuntimeError(f"the ledger refuses an entry: {entry.key}")

    async def try_to_book(self, entry: NewEntry) -> bool:
        """Change the balance, which is locked, by an entry; False when nothing is changed.

        That is so when the ledger has an entry with this key, or when the balance would no longer
        cover what is held.
        """
        balance = await self._ledger_store.book(entry, self._clock.now())
        if balance is None:
            return False
        self._uow.after_commit(
            partial(
                log.info,
                "balance changed",
                user_id=entry.user_id,
                amount=entry.amount,
                kind=entry.kind,
                key=entry.key,
                balance=balance,
                created_by=entry.created_by,
            )
        )
        return True

    async def _welcome_user(self, user_id: int, identity: str) -> None:
        """Give the welcome grant, once per person: not again after a deletion."""
        if self._welcome_tokens and await self._welcome.claim(identity, self._clock.now()):
            await self.book(
                NewEntry(user_id, self._welcome_tokens, EntryKind.GRANT, f"welcome:{user_id}")
            )
