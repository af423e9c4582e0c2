"""The API under uvicorn in the loop of the tests, and the people and programs that use it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
from dishka import AsyncContainer, Provider
from fastapi import APIRouter

from api.app import create_app
from api.config import ApiSettings
from api.draining import Draining
from api.ioc import ApiProvider
from api.server import ApiServer
from okno.accounts.config import ApiAddressSettings
from okno.accounts.dto import Device, Language
from okno.accounts.service import (
    AccountsService,
    ApiKeysService,
    PasswordsService,
    ServicesService,
)
from okno.capabilities import SCOPES
from okno.ioc import create_container
from okno.kit.actor import SYSTEM, Actor, Role, Scope
from okno.kit.settings import Settings
from sandbox.web.server import listen
from tests.support.contract import expect_declared
from tests.support.passwords import CheapPasswords
from tests.support.service_program import ServiceProgram

PASSWORD = "a window to the sea"
DEVICE = Device("127.0.0.1", "tests")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `body` is JSON where it can be read as JSON, else text."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> str | None:
        """Of the problem, if it is one."""
        return self.body.get("code") if isinstance(self.body, dict) else None


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who has signed in."""

    user_id: int
    login: str
    token: str
    refresh_token: str

    @property
    def id(self) -> str:
        return str(self.user_id)

    @property
    def actor(self) -> Actor:
        return Actor(Role.USER, self.user_id)


class Api:
    """One running API: requests to it, and ways past it to its services."""

    def __init__(
        self, address: str, container: AsyncContainer, client: aiohttp.ClientSession
    ) -> None:
        self.address = address
        self.container = container
        self.client = client
        self._logins = count(1)

    async def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Reply:
        """Ask; `options` as aiohttp has them: `json`, `params`, `data`."""
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.client.request(
            method, self.address + path, headers={**bearer, **(headers or {})}, **options
        ) as response:
            content = await response.read()
            is_json = "json" in response.headers.get("Content-Type", "")
            body = json.loads(content) if is_json and content else content.decode()
            reply = Reply(response.status, response.headers, body)
        if reply.code is not None:
            expect_declared(method, path, reply.status, reply.code)
        return reply

    async def get(self, path: str, token: str | None = None, **options: Any) -> Reply:
        return await self.request("GET", path, token=token, **options)

    async def post(
        self, path: str, body: Any = None, token: str | None = None, **options: Any
    ) -> Reply:
        return await self.request("POST", path, token=token, json=body, **options)

    async def delete(self, path: str, token: str | None = None, **options: Any) -> Reply:
        return await self.request("DELETE", path, token=token, **options)

    async def patch(
        self, path: str, body: Any = None, token: str | None = None, **options: Any
    ) -> Reply:
        return await self.request("PATCH", path, token=token, json=body, **options)

    async def register(self, login: str | None = None, password: str = PASSWORD) -> Someone:
        """Register a new user."""
        login = login or f"somebody{next(self._logins)}"
        passwords = await self.container.get(PasswordsService)
        signed_in = await passwords.register(login, password, DEVICE, Language.EN)
        return Someone(signed_in.user_id, login, signed_in.token, signed_in.refresh_token)

    async def sign_in(self, login: str, password: str = PASSWORD) -> Someone:
        """Sign in once more."""
        signed_in = await (await self.container.get(PasswordsService)).sign_in(
            login, password, DEVICE
        )
        return Someone(signed_in.user_id, login, signed_in.token, signed_in.refresh_token)

    async def make_admin(self, login: str | None = None, password: str = PASSWORD) -> Someone:
        """Register a new user and make an administrator of them."""
        someone = await self.register(login, password)
        await (await self.container.get(AccountsService)).make_admin(SYSTEM, someone.login)
        return someone

    async def make_service(self, *scopes: Scope, name: str | None = None) -> ServiceProgram:
        """Register a service with a key of its own; no scopes: all of them."""
        program = ServiceProgram(name or f"service{next(self._logins)}", audience=self.address)
        services = await self.container.get(ServicesService)
        service = await services.register(
            SYSTEM, program.name, program.public_key, frozenset(scopes or SCOPES)
        )
        program.service_id = service.id
        return program

    async def make_api_key(self, someone: Someone, limit: int | None = None) -> str:
        """Return the secret of a new API key."""
        keys = await self.container.get(ApiKeysService)
        return (await keys.create(someone.actor, "tests", limit)).secret


@asynccontextmanager
async def open_api(
    settings: Settings,
    *surface: Provider,
    routes: APIRouter | None = None,
    url: str | None = None,
    **api_settings: Any,
) -> AsyncIterator[Api]:
    """Run the API on a free port, with `routes` besides its own.

    `url`: the address that clients know it by; `api_settings` replace fields of `ApiSettings`.
    """
    listener = listen()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = settings.replaced(
        settings[ApiSettings].model_copy(update=api_settings),
        ApiAddressSettings(url=url or address),
    )
    container = create_container(settings, ApiProvider(), CheapPasswords(), *surface)
    app = create_app(container, settings[ApiSettings], settings[ApiAddressSettings].url)
    if routes is not None:
        app.include_router(routes)
    server = ApiServer(app, settings[ApiSettings], await container.get(Draining))
    serving = asyncio.create_task(server.serve(sockets=[listener]))  # noqa: TID251 - awaited below
    await server.ready.wait()
    try:
        async with aiohttp.ClientSession() as client:
            yield Api(address, container, client)
    finally:
        server.should_exit = True
        await serving
        await container.close()
