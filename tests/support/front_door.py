"""The services behind the HTTP API, called without HTTP, with a clock that tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from dishka import Provider, Scope
from sqlalchemy import text

from okno.accounts.dto import Device, Language, Principal, SignIn, TelegramProfile
from okno.accounts.service import (
    AccountsService,
    ApiKeysService,
    AuthenticationService,
    JwtKeysService,
    PasswordsService,
    PersonalDataService,
    SessionsService,
)
from okno.accounts.store.passwords import PasswordStore
from okno.ioc import create_container
from okno.kit.actor import SYSTEM, Actor, Role
from okno.kit.clock import Clock
from okno.kit.db import Engine
from okno.kit.settings import Settings
from okno.kit.uow import UnitOfWork
from tests.support.bank import MovableClock
from tests.support.passwords import CheapPasswords

PASSWORD = "a window to the sea"
NOTEBOOK = Device("203.0.113.7", "Notebook")
PHONE = Device("198.51.100.20", "Phone")

T = TypeVar("T")


class FrontDoor:
    """One process; two of them on the same servers are two processes."""

    def __init__(self, settings: Settings, clock: MovableClock | None = None) -> None:
        self.clock = clock or MovableClock()
        surface = Provider(scope=Scope.APP)
        surface.provide(lambda: self.clock, provides=Clock)
        self.container = create_container(settings, CheapPasswords(), surface)

    async def close(self) -> None:
        await self.container.close()

    @asynccontextmanager
    async def use(self, service: type[T]) -> AsyncIterator[T]:
        yield await self.container.get(service)

    async def register(self, login: str = "anna", password: str = PASSWORD) -> SignIn:
        async with self.use(PasswordsService) as passwords:
            return await passwords.register(login, password, NOTEBOOK, Language.EN)

    async def sign_in(
        self, login: str = "anna", password: str = PASSWORD, device: Device = PHONE
    ) -> SignIn:
        async with self.use(PasswordsService) as passwords:
            return await passwords.sign_in(login, password, device)

    async def refresh(self, refresh_token: str, device: Device = NOTEBOOK) -> SignIn:
        async with self.use(SessionsService) as sessions:
            return await sessions.refresh(refresh_token, device)

    async def authenticate(self, token: str) -> Principal:
        return await (await self.container.get(AuthenticationService)).authenticate(token)

    async def act_for(self, actor: Actor, user_id: int) -> Actor:
        return await (await self.container.get(AuthenticationService)).act_for(actor, user_id)

    async def make_admin(self, whom: str | int) -> None:
        async with self.use(AccountsService) as accounts:
            await accounts.make_admin(SYSTEM, whom)

    async def delete(self, user_id: int) -> None:
        async with self.use(PersonalDataService) as personal_data:
            await personal_data.delete(user(user_id))

    async def make_api_key(self, user_id: int, limit: int | None = None) -> str:
        async with self.use(ApiKeysService) as keys:
            return (await keys.create(user(user_id), "tests", limit)).secret

    async def rotate(self) -> None:
        async with self.use(JwtKeysService) as keys:
            await keys.rotate(SYSTEM)

    async def meet_in_telegram(
        self, telegram_id: int = 7001, password_hash: str | None = None
    ) -> int:
        """Register a user of the bot, who may have confirmed a password."""
        accounts = await self.container.get(AccountsService)
        profile = TelegramProfile(telegram_id, "Anna", username="anna_p")
        account = await accounts.register(profile)
        if password_hash is not None:
            uow = await self.container.get(UnitOfWork)
            async with uow.begin():
                await PasswordStore(uow).set(account.user_id, password_hash)
        return account.user_id

    async def scalar(self, query: str) -> Any:
        async with (await self.container.get(Engine)).connect() as connection:
            return await connection.scalar(text(query))

    async def execute(self, statement: str, **values: Any) -> None:
        async with (await self.container.get(Engine)).begin() as connection:
            await connection.execute(text(statement), values)

    async def make_service_user(self, external_id: str = "x", service: str = "shop") -> int:
        """Make a user of a service, and the service if there is none of this name."""
        names = {"service": service, "external_id": external_id}
        await self.execute(
            "INSERT INTO services (name, scopes, created_at) VALUES (:service, '{}', now()) "
            "ON CONFLICT DO NOTHING",
            service=service,
        )
        await self.execute(
            "INSERT INTO users (service_id, external_id, first_name, language, registered_at, "
            "last_seen_at) SELECT id, :external_id, 'x', 'en', now(), now() FROM services "
            "WHERE name = :service",
            **names,
        )
        return int(await self.scalar("SELECT max(id) FROM users"))


def user(user_id: int) -> Actor:
    return Actor(Role.USER, user_id)
