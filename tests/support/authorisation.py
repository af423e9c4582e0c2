"""The rights over HTTP: a row for every operation of the contract, a column for every caller.

A row says of which kind its operation is and how to ask for it; the kinds say who gets it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import uuid4

from dishka import Provider
from dishka import Scope as Lifetime

from api.ioc import ApiProvider
from okno.accounts.dto import Device, Language
from okno.accounts.service import ApiKeysService, PasswordsService, ServicesService
from okno.assistant.service import ChoicesService, ConversationsService
from okno.capabilities import SCOPES
from okno.ioc import create_container
from okno.kit.actor import SYSTEM, Actor, Role, Scope
from okno.kit.clock import Clock
from okno.kit.settings import Settings
from okno.llm.dto import PromptMessage, PromptRole
from tests.support.api import PASSWORD, Api, Reply, Someone
from tests.support.bank import MovableClock
from tests.support.passwords import CheapPasswords
from tests.support.service_program import ServiceProgram


class Caller(Enum):
    """The columns of the matrix."""

    NOBODY = auto()
    GARBAGE = auto()
    EXPIRED_TOKEN = auto()
    ENDED_SESSION = auto()
    REVOKED_KEY = auto()
    REVOKED_SERVICE_KEY = auto()
    USER = auto()
    KEY = auto()
    ADMIN = auto()
    SERVICE = auto()
    SERVICE_WITHOUT_SCOPE = auto()


UNKNOWN = frozenset(
    {
        Caller.NOBODY,
        Caller.GARBAGE,
        Caller.EXPIRED_TOKEN,
        Caller.ENDED_SESSION,
        Caller.REVOKED_KEY,
        Caller.REVOKED_SERVICE_KEY,
    }
)


NOBODY: frozenset[Caller] = frozenset()


class Kind(Enum):
    """The purpose of an operation; the values are the callers who get their own, and others'.

    `PUBLIC`: anybody. `SHARED`: the same for all who have signed in. `USE`: with one's own account,
    or that of a user one may act for. `CREDIT`: money from outside. `OWN`: for a person who has
    signed in, never for programs. `OWN_USERS`: for services. `ADMIN`: of others.
    """

    def __init__(self, own: frozenset[Caller], foreign: frozenset[Caller]) -> None:
        self.own = own
        self.foreign = foreign

    PUBLIC = (frozenset(Caller), frozenset(Caller))
    SHARED = (
        frozenset({Caller.USER, Caller.KEY, Caller.ADMIN, Caller.SERVICE}),
        frozenset({Caller.USER, Caller.KEY, Caller.ADMIN, Caller.SERVICE}),
    )
    USE = (
        frozenset({Caller.USER, Caller.KEY, Caller.ADMIN, Caller.SERVICE}),
        frozenset({Caller.ADMIN}),
    )
    CREDIT = (frozenset({Caller.ADMIN, Caller.SERVICE}), frozenset({Caller.ADMIN}))
    OWN = (frozenset({Caller.USER, Caller.ADMIN}), NOBODY)
    OWN_USERS = (frozenset({Caller.SERVICE}), NOBODY)
    ADMIN = (frozenset({Caller.ADMIN}), frozenset({Caller.ADMIN}))


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of an object; `login` is empty for the user of a service."""

    user_id: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request for an operation: `path` fills its template."""

    path: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    json: Any = None


class World:
    """Two people, an admin and a service with a user, with all their credentials."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self.api = api
        self._settings = settings
        self._tokens: dict[Caller, Callable[[], str]] = {}
        self._owners: dict[Caller, Owner] = {}

    async def populate(self, scope: Scope | None) -> None:
        """Register new people and services; `scope`: the one that one of the services lacks."""
        anna, boris, root = (
            await self.api.register(),
            await self.api.register(),
            await self.api.make_admin(),
        )
        shop = await self.api.make_service()
        poor = await self.api.make_service(*(set(SCOPES) - {scope}))
        self._tokens = {
            Caller.NOBODY: str,
            Caller.GARBAGE: lambda: "eyJhbGciOiJub25lIn0.e30.",
            Caller.EXPIRED_TOKEN: (await self._expired(anna)).strip,
            Caller.ENDED_SESSION: (await self._ended(anna)).strip,
            Caller.REVOKED_KEY: (await self._revoked_key(anna)).strip,
            Caller.REVOKED_SERVICE_KEY: (await self._revoked_service_key()).assertion,
            Caller.USER: anna.token.strip,
            Caller.KEY: (await self.api.make_api_key(anna)).strip,
            Caller.ADMIN: root.token.strip,
            Caller.SERVICE: shop.assertion,
            Caller.SERVICE_WITHOUT_SCOPE: poor.assertion,
        }
        own = Owner(anna.id, anna.login)
        self._owners = dict.fromkeys(Caller, own) | {
            Caller.ADMIN: Owner(root.id, root.login),
            Caller.SERVICE: await self._user_of(shop),
            Caller.SERVICE_WITHOUT_SCOPE: await self._user_of(poor),
        }
        self.stranger = Owner(boris.id, boris.login)

    def owner(self, caller: Caller) -> Owner:
        """Return the owner of the caller's own objects."""
        return self._owners[caller]

    async def ask(self, caller: Caller, method: str, path: str, request: Request) -> Reply:
        body = {} if request.json is None else {"json": request.json}
        return await self.api.request(
            method,
            path.format_map(request.path),
            token=self._tokens[caller](),
            params=request.params,
            **body,
        )

    async def conversation(self, owner: Owner) -> str:
        """Begin one more conversation of the owner; return its id."""
        actor = Actor(Role.USER, int(owner.user_id))
        conversations = await self.api.container.get(ConversationsService)
        choices = await self.api.container.get(ChoicesService)
        await choices.new(actor)
        await choices.replace_context(actor, [PromptMessage(PromptRole.USER, "before")])
        newest = (await conversations.list(actor, 0, 1)).items[0]
        return str(newest.id)

    async def session(self, owner: Owner) -> str:
        """Return the id of a new sign-in of the owner; of nobody when it is no person."""
        if not owner.login:
            return str(uuid4())
        signed_in = await self.api.sign_in(owner.login)
        listed = await self.api.get("/api/auth/sessions", signed_in.token)
        return str(listed.body["sessions"][0]["id"])

    async def key(self, owner: Owner) -> str:
        """Make one more API key; return its id."""
        keys = await self.api.container.get(ApiKeysService)
        made = await keys.create(Actor(Role.USER, int(owner.user_id)), "another", None)
        return str(made.key.id)

    async def service(self) -> ServiceProgram:
        """Register one more service."""
        return await self.api.make_service()

    async def _user_of(self, program: ServiceProgram) -> Owner:
        services = await self.api.container.get(ServicesService)
        actor = Actor(Role.SERVICE, None, program.service_id, frozenset(SCOPES))
        user_id = await services.create_user(actor, "client", "Client", Language.EN)
        return Owner(str(user_id))

    async def _expired(self, someone: Someone) -> str:
        clock = MovableClock()
        clock.ahead = -timedelta(minutes=11)
        past = Provider(scope=Lifetime.APP)
        past.provide(lambda: clock, provides=Clock)
        container = create_container(self._settings, ApiProvider(), CheapPasswords(), past)
        passwords = await container.get(PasswordsService)
        signed_in = await passwords.sign_in(someone.login, PASSWORD, Device("127.0.0.1", "t"))
        await container.close()
        return signed_in.token

    async def _ended(self, someone: Someone) -> str:
        token = (await self.api.sign_in(someone.login)).token
        assert (await self.api.post("/api/auth/logout", token=token)).status == 204
        return token

    async def _revoked_key(self, someone: Someone) -> str:
        secret = await self.api.make_api_key(someone)
        keys = await self.api.container.get(ApiKeysService)
        for key in await keys.list(someone.actor):
            await keys.revoke(someone.actor, key.id)
        return secret

    async def _revoked_service_key(self) -> ServiceProgram:
        program = await self.api.make_service()
        services = await self.api.container.get(ServicesService)
        await services.revoke_key(SYSTEM, program.service_id, program.key_id)
        return program


Ask = Callable[[World, Owner], Awaitable[Request]]
