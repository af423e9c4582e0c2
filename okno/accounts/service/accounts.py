"""Use cases of users: recognise, register, change and delete them.

`recognise`, `find` and `register` take no actor: they find out who acts.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from okno.accounts.cache import USER, AccountCache, PrincipalCache
from okno.accounts.config import AccountsSettings
from okno.accounts.dto import (
    Account,
    AccountDetails,
    Counters,
    Language,
    TelegramProfile,
    UserSummary,
)
from okno.accounts.errors import UserNotFound
from okno.accounts.store.user_list import UserListStore
from okno.accounts.store.users import UserStore
from okno.kit.actor import Actor, Role
from okno.kit.clock import Clock
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_TELEGRAM_ID = re.compile(r"[0-9]{1,18}")


class AccountsService:
    """Registers, recognises, changes and forgets users."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: UserStore,
        user_list: UserListStore,
        cache: AccountCache,
        principal_cache: PrincipalCache,
        clock: Clock,
        settings: AccountsSettings,
    ) -> None:
        self._uow = uow
        self._store = store
        self._user_list = user_list
        self._cache = cache
        self._principal_cache = principal_cache
        self._clock = clock
        self._admins = settings.admin_telegram_ids

    async def recognise(self, profile: TelegramProfile) -> Account | None:
        """Find the user who sent an update; None: not registered.

        There is no SQL as long as the cached names are those of the update.
        """
        cached = await self._cached(profile.telegram_id)
        if cached is not None and cached.matches(profile):
            return cached
        async with self._uow.begin():
            account = await self._store.refresh(profile, self._clock.now())
            if account is None:
                return None
            if cached is not None:
                self._forget_after_commit(account)
        return await self._remember(account)

    async def find(self, telegram_id: int) -> Account | None:
        """Find a user by Telegram id, and change nothing; None: not registered."""
        if (cached := await self._cached(telegram_id)) is not None:
            return cached
        async with self._uow.begin():
            account = await self._store.find(telegram_id)
        return None if account is None else await self._remember(account)

    async def get(self, actor: Actor, user_id: int) -> Account | None:
        """Find a user by id; None: there is no such user. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            account = await self._store.get(user_id)
        return None if account is None else self._with_rights(account)

    async def register(self, profile: TelegramProfile) -> Account:
        """Store a user at the first contact; the language is a proposal until it is confirmed.

        A user who is registered already is returned with the names refreshed.
        """
        async with self._uow.begin():
            language = Language.propose(profile.language_code)
            account = await self._store.add(profile, language, self._clock.now())
            self._uow.after_commit(
                partial(log.info, "user registered", user_id=account.user_id, language=language)
            )
        return await self._remember(account)

    async def finish_registration(self, actor: Actor, language: Language) -> Account:
        """Confirm the acting user's language. Raises `UserNotFound`."""
        async with self._uow.begin():
            account = await self._store.set_onboarded(
                actor.require_user(), language, self._clock.now()
            )
            return self._changed(account)

    async def change_language(self, actor: Actor, language: Language) -> Account:
        """Change the acting user's language. Raises `UserNotFound`."""
        async with self._uow.begin():
            account = await self._store.set_language(actor.require_user(), language)
            return self._changed(account)

    async def details(self, actor: Actor) -> AccountDetails:
        """Return what is stored about the acting user. Raises `UserNotFound`."""
        async with self._uow.begin():
            details = await self._store.details(actor.require_user())
        if details is None:
            raise UserNotFound
        return replace(details, role=self._role(details.telegram_id, details.role))

    async def pin(self, actor: Actor, user_id: int) -> str | None:
        """Keep a user from being deleted until the open transaction ends; return the identity.

        The identity, such as `telegram:7001`, is the same after a deletion and a new registration.
        None: there is no such user, or it is a husk. Only the system may.

        A deletion locks the user before all rows that belong to the user. A transaction that writes
        such rows and locks others has to pin the user first, or the two can block each other.
        """
        actor.require_system()
        async with self._uow.begin():
            user = await self._store.pin(user_id)
        return None if user is None else str(user)

    async def pin_many(self, actor: Actor, user_ids: Sequence[int]) -> set[int]:
        """Pin many users in one statement; return those who exist. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            return await self._store.pin_many(user_ids)

    async def pin_telegram(self, actor: Actor, telegram_id: int) -> int | None:
        """Pin the user with this Telegram id; return the user's id. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            return await self._store.pin_telegram(telegram_id)

    async def look_up(self, actor: Actor, whom: int | str) -> Account:
        """Find a user by Telegram id or by username. Only an admin or the system may.

        Raises `UserNotFound`.
        """
        actor.require_admin()
        async with self._uow.begin():
            if isinstance(whom, int):
                account = await self._store.find(whom)
            else:
                account = await self._store.find_by_username(whom)
        if account is None:
            raise UserNotFound
        return self._with_rights(account)

    async def list_users(
        self, actor: Actor, page: int, size: int, query: str | None = None
    ) -> Page[UserSummary]:
        """Return a page of the users, the newest first; husks are left out.

        `query`: an id, or a piece of a login or of a name. Only an admin or the system may.
        """
        actor.require_admin()
        async with self._uow.begin():
            found = await self._user_list.page(page, size, query)
        return found.map(self._with_right)

    async def make_admin(self, actor: Actor, whom: int | str) -> Account:
        """Give the admin role to the user with this Telegram id or login.

        Only the system may. Raises `UserNotFound`.
        """
        actor.require_system()
        name = str(whom).lower()
        async with self._uow.begin():
            if _TELEGRAM_ID.fullmatch(name):
                account = await self._store.find(int(name))
            else:
                account = await self._store.find_by_login(name)
            if account is None:
                raise UserNotFound
            user_id = account.user_id
            admin = self._changed(await self._store.set_role(user_id, Role.ADMIN))
            self._uow.after_commit(partial(self._principal_cache.drop, USER.of(user_id)))
            self._uow.after_commit(partial(log.info, "admin made", user_id=user_id))
        return admin

    async def counters(self, actor: Actor) -> Counters:
        """Count all users, and those seen within a day. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            users, seen = await self._store.count(self._clock.now() - timedelta(days=1))
        return Counters(users, seen)

    async def mark_unreachable(self, actor: Actor, telegram_id: int) -> None:
        """Note that Telegram refuses messages to the user. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            self._forget_after_commit(
                await self._store.set_unreachable(telegram_id, self._clock.now())
            )

    async def mark_reachable(self, actor: Actor, telegram_id: int) -> None:
        """Note that messages reach the user again. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            self._forget_after_commit(await self._store.set_unreachable(telegram_id, None))

    def _changed(self, account: Account | None) -> Account:
        if account is None:
            raise UserNotFound
        self._forget_after_commit(account)
        return self._with_rights(account)

    def _forget_after_commit(self, account: Account | None) -> None:
        if account is not None and account.telegram_id is not None:
            self._uow.after_commit(partial(self._cache.drop, account.telegram_id))

    async def _cached(self, telegram_id: int) -> Account | None:
        cached = await self._cache.get(telegram_id)
        return None if cached is None else self._with_rights(cached)

    async def _remember(self, account: Account) -> Account:
        await self._cache.put(account)
        return self._with_rights(account)

    def _with_right(self, user: UserSummary) -> UserSummary:
        return replace(user, role=self._role(user.telegram_id, user.role))

    def _with_rights(self, account: Account) -> Account:
        role = self._role(account.telegram_id, account.role)
        return account if role is account.role else replace(account, role=role)

    def _role(self, telegram_id: int | None, stored: Role) -> Role:
        """Return the role of the settings, which is never stored, or else the stored one."""
        return Role.ADMIN if telegram_id in self._admins else stored
