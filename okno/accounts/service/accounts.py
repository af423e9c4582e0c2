"""Use cases of accounts.

Identification comes before there is an actor, so `recognise`, `find` and `register` take none;
everything else begins with one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from okno.accounts.cache import USER, AccountCache, PrincipalCache
from okno.accounts.config import AccountsSettings
from okno.accounts.dto import Account, AccountDetails, Counters, Language, Person, TelegramProfile
from okno.accounts.errors import UserNotFound
from okno.accounts.models import User
from okno.accounts.store.people import PeopleStore
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
        people: PeopleStore,
        cache: AccountCache,
        principal_cache: PrincipalCache,
        clock: Clock,
        settings: AccountsSettings,
    ) -> None:
        self._uow = uow
        self._store = store
        self._people = people
        self._cache = cache
        self._principal_cache = principal_cache
        self._clock = clock
        self._admins = settings.admin_telegram_ids

    async def recognise(self, profile: TelegramProfile) -> Account | None:
        """Find the user who sent an update: no SQL while the cached names are still right."""
        cached = await self._cached(profile.telegram_id)
        if cached is not None and cached.matches(profile):
            return cached
        async with self._uow.begin():
            user = await self._store.refresh(profile, self._clock.now())
            if user is None:
                return None
            if cached is not None:
                self._forget_after_commit(user)
        return await self._remember(user)

    async def find(self, telegram_id: int) -> Account | None:
        """Find a user of whom nothing but the id is known, and change nothing."""
        if (cached := await self._cached(telegram_id)) is not None:
            return cached
        async with self._uow.begin():
            user = await self._store.find(telegram_id)
        return None if user is None else await self._remember(user)

    async def get(self, actor: Actor, user_id: int) -> Account | None:
        """Find a user by the id that other capabilities keep. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            user = await self._store.get(user_id)
        return None if user is None else self._with_rights(_to_account(user))

    async def register(self, profile: TelegramProfile) -> Account:
        """Store a person at the first contact; the language is proposed, to be confirmed later."""
        async with self._uow.begin():
            language = Language.propose(profile.language_code)
            user = await self._store.add(profile, language, self._clock.now())
        log.info("user registered", user_id=user.id, language=language)
        return await self._remember(user)

    async def finish_registration(self, actor: Actor, language: Language) -> Account:
        """Confirm the language. Raises `UserNotFound`."""
        async with self._uow.begin():
            user = await self._store.set_onboarded(
                actor.require_user(), language, self._clock.now()
            )
            return self._changed(user)

    async def change_language(self, actor: Actor, language: Language) -> Account:
        """Speak another language from now on. Raises `UserNotFound`."""
        async with self._uow.begin():
            user = await self._store.set_language(actor.require_user(), language)
            return self._changed(user)

    async def details(self, actor: Actor) -> AccountDetails:
        """Return what is stored about the acting user. Raises `UserNotFound`."""
        async with self._uow.begin():
            user = await self._store.get(actor.require_user())
        if user is None:
            raise UserNotFound
        return AccountDetails(
            user_id=user.id,
            login=user.login,
            has_password=user.password_hash is not None,
            telegram_id=user.telegram_id,
            username=user.username,
            first_name=user.first_name,
            last_name=user.last_name,
            language=Language(user.language),
            role=self._with_rights(_to_account(user)).role,
            registered_at=user.registered_at,
            onboarded_at=user.onboarded_at,
            last_seen_at=user.last_seen_at,
            unreachable_since=user.unreachable_since,
        )

    async def pin(self, actor: Actor, user_id: int) -> str | None:
        """Keep a user from being deleted until the open transaction ends; return the identity.

        The identity, such as `telegram:7001`, is the same after a deletion and a new registration.
        None: there is no such user, or it is a husk. A deletion locks the user first, so whoever
        writes rows that belong to the user and locks others must do so, too: else the two can block
        each other. Only the system may.
        """
        actor.require_system()
        async with self._uow.begin():
            user = await self._store.pin(user_id)
        return None if user is None else _identity(user)

    async def pin_many(self, actor: Actor, user_ids: Sequence[int]) -> set[int]:
        """Do the same for many users at once; return those who exist."""
        actor.require_system()
        async with self._uow.begin():
            return await self._store.pin_many(user_ids)

    async def pin_telegram(self, actor: Actor, telegram_id: int) -> int | None:
        """Do the same for whoever has this Telegram id; return the user's id."""
        actor.require_system()
        async with self._uow.begin():
            user = await self._store.pin_telegram(telegram_id)
        return None if user is None else user.id

    async def look_up(self, actor: Actor, whom: int | str) -> Account:
        """Find a user by Telegram id or by username. Only an admin or the system may.

        Raises `UserNotFound`.
        """
        actor.require_admin()
        async with self._uow.begin():
            if isinstance(whom, int):
                user = await self._store.find(whom)
            else:
                user = await self._store.find_by_username(whom)
        if user is None:
            raise UserNotFound
        return self._with_rights(_to_account(user))

    async def people(
        self, actor: Actor, page: int, size: int, query: str | None = None
    ) -> Page[Person]:
        """Show a page of the users, the newest first; husks are none of them.

        `query`: an id, or a piece of a login or of a name. Only an admin or the system may.
        """
        actor.require_admin()
        async with self._uow.begin():
            found = await self._people.page(page, size, query)
        return found.map(self._with_right)

    async def make_admin(self, actor: Actor, whom: int | str) -> Account:
        """Give the role of an admin to whoever has this Telegram id, or this login.

        Only the system may. Raises `UserNotFound`.
        """
        actor.require_system()
        name = str(whom).lower()
        async with self._uow.begin():
            if _TELEGRAM_ID.fullmatch(name):
                user = await self._store.find(int(name))
            else:
                user = await self._store.find_by_login(name)
            if user is None:
                raise UserNotFound
            account = self._changed(await self._store.set_role(user.id, Role.ADMIN))
            self._uow.after_commit(partial(self._principal_cache.drop, USER.of(user.id)))
        log.info("admin made", user_id=account.user_id)
        return account

    async def counters(self, actor: Actor) -> Counters:
        """Count the users. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            users, seen = await self._store.count(self._clock.now() - timedelta(days=1))
        return Counters(users, seen)

    async def mark_unreachable(self, actor: Actor, telegram_id: int) -> None:
        """Note that Telegram refuses messages to this user. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            self._forget_after_commit(
                await self._store.set_unreachable(telegram_id, self._clock.now())
            )

    async def mark_reachable(self, actor: Actor, telegram_id: int) -> None:
        """Note that messages arrive again. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            self._forget_after_commit(await self._store.set_unreachable(telegram_id, None))

    def _changed(self, user: User | None) -> Account:
        if user is None:
            raise UserNotFound
        self._forget_after_commit(user)
        return self._with_rights(_to_account(user))

    def _forget_after_commit(self, user: User | None) -> None:
        if user is not None and (telegram_id := user.telegram_id) is not None:
            self._uow.after_commit(lambda: self._cache.drop(telegram_id))

    async def _cached(self, telegram_id: int) -> Account | None:
        cached = await self._cache.get(telegram_id)
        return None if cached is None else self._with_rights(cached)

    async def _remember(self, user: User) -> Account:
        account = _to_account(user)
        await self._cache.put(account)
        return self._with_rights(account)

    def _with_right(self, person: Person) -> Person:
        is_admin = person.telegram_id in self._admins
        return replace(person, role=Role.ADMIN) if is_admin else person

    def _with_rights(self, account: Account) -> Account:
        """Give the role of the settings, which is never stored: who leaves the list loses it."""
        if account.telegram_id in self._admins:
            return replace(account, role=Role.ADMIN)
        return account


def _identity(user: User) -> str:
    if user.telegram_id is not None:
        return f"telegram:{user.telegram_id}"
    if user.login is not None:
        return f"login:{user.login}"
    return f"service:{user.service_id}:{user.external_id}"


def _to_account(user: User) -> Account:
    return Account(
        user_id=user.id,
        telegram_id=user.telegram_id,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language=Language(user.language),
        role=Role(user.role),
        onboarded=user.onboarded_at is not None,
        registered_at=user.registered_at,
    )
