"""The authorisation matrix: operations of the contract × callers × own and foreign objects.

An operation without a row fails, so that no new route stays untested.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from api.rates import parse_rate
from okno.accounts.scopes import USERS as USERS_SCOPE
from okno.assistant.scopes import CHAT as CHAT_SCOPE
from okno.assistant.scopes import CONTEXT as CONTEXT_SCOPE
from okno.billing.scopes import BILLING as BILLING_SCOPE
from okno.kit.actor import Scope
from okno.kit.settings import Settings
from tests.support.api import PASSWORD, Api, open_api
from tests.support.authorisation import UNKNOWN, Caller, Kind, Owner, Request, World
from tests.support.emptying import Servers

Ask = Callable[[World, Owner], Awaitable[Request]]

METHODS = {"get", "post", "put", "patch", "delete"}
RATES: dict[str, Any] = dict.fromkeys(
    ("rate_address", "rate_sign_in", "rate_register", "rate_refresh", "rate_confirmation"),
    parse_rate("10000/minute"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`ask` asks for what belongs to an owner; `denied`: the statuses of what is not one's own."""

    kind: Kind
    ask: Ask
    scope: Scope | None = None
    denied: frozenset[int] = frozenset({403})


def asks(*, user: str | None = None, path: dict[str, str] | None = None, **body: object) -> Ask:
    """Ask with a body; `user`: the name of its field, or `?` and the parameter, for the owner."""

    async def ask(_world: World, owner: Owner) -> Request:
        named = {} if user is None else {user.lstrip("?"): owner.user_id}
        if user is not None and user.startswith("?"):
            return Request(dict(path or {}), named)
        return Request(dict(path or {}), json={**named, **body} or None)

    return ask


async def of_user(_world: World, owner: Owner) -> Request:
    return Request({"userId": owner.user_id})


async def new_balance(_world: World, owner: Owner) -> Request:
    return Request({"userId": owner.user_id}, json={"amount": 70_000})


def of_conversation(**body: str) -> Ask:
    async def ask(world: World, owner: Owner) -> Request:
        place = {"conversationId": await world.conversation(owner)}
        return Request(place, {"userId": owner.user_id}, json=body or None)

    return ask


async def of_session(world: World, owner: Owner) -> Request:
    return Request({"sessionId": await world.session(owner)})


async def of_key(world: World, owner: Owner) -> Request:
    return Request({"keyId": await world.key(owner)})


async def search(_world: World, owner: Owner) -> Request:
    return Request(params={"userId": owner.user_id, "query": "window"})


async def login(world: World, owner: Owner) -> Request:
    return Request(json={"username": owner.login or "nobody", "password": PASSWORD})


async def registration(_world: World, _owner: Owner) -> Request:
    return Request(json={"username": f"new-{uuid4().hex[:8]}", "password": PASSWORD})


async def new_service(world: World, _owner: Owner) -> Request:
    program = await world.service()
    another = type(program)(f"s{uuid4().hex[:8]}", audience="x")
    return Request(json={"name": another.name, "publicKey": another.public_key, "scopes": ["chat"]})


async def new_service_key(world: World, _owner: Owner) -> Request:
    program = await world.service()
    another = type(program)("another", audience="x")
    return Request({"serviceId": str(program.service_id)}, json={"publicKey": another.public_key})


async def old_service_key(world: World, _owner: Owner) -> Request:
    program = await world.service()
    return Request({"serviceId": str(program.service_id), "keyId": program.key_id})


CONTEXT = [{"role": "user", "content": "before"}]
MESSAGES = [{"role": "user", "content": "echo: hello"}]
HIDDEN = frozenset({404})
"""Of what is found by its id alone, nobody else learns that it is there."""

ROWS = {
    "ask": Row(Kind.USE, asks(user="userId", message="echo: hello"), CHAT_SCOPE),
    "saveContext": Row(Kind.USE, asks(user="userId", context=CONTEXT), CONTEXT_SCOPE),
    "getContext": Row(Kind.USE, asks(user="?userId"), CONTEXT_SCOPE),
    "resetContext": Row(Kind.USE, asks(user="userId"), CONTEXT_SCOPE),
    "listConversations": Row(Kind.USE, asks(user="?userId"), CONTEXT_SCOPE),
    "searchMessages": Row(Kind.USE, search, CONTEXT_SCOPE),
    "listMessages": Row(Kind.USE, of_conversation(), CONTEXT_SCOPE),
    "renameConversation": Row(Kind.USE, of_conversation(title="Doors"), CONTEXT_SCOPE),
    "deleteConversation": Row(Kind.USE, of_conversation(), CONTEXT_SCOPE),
    "getBilling": Row(Kind.USE, asks(user="?userId"), BILLING_SCOPE),
    "getStatement": Row(Kind.USE, asks(user="?userId"), BILLING_SCOPE),
    "topUp": Row(Kind.CREDIT, asks(user="userId", amount=100), BILLING_SCOPE),
    "listPackages": Row(Kind.SHARED, asks(), BILLING_SCOPE),
    "createInvoice": Row(Kind.OWN, asks(packageId="small")),
    "register": Row(Kind.PUBLIC, registration),
    "login": Row(Kind.PUBLIC, login),
    "refresh": Row(Kind.PUBLIC, asks(refreshToken="okr_unknown")),
    "exchangeAssertion": Row(Kind.PUBLIC, asks(assertion="e30.e30.e30")),
    "askForPassword": Row(Kind.PUBLIC, asks(telegramId="7001", password=PASSWORD)),
    "showDecision": Row(Kind.PUBLIC, asks(path={"confirmationId": str(uuid4())})),
    "showHealth": Row(Kind.PUBLIC, asks()),
    "logout": Row(Kind.OWN, asks()),
    "changePassword": Row(
        Kind.OWN, asks(currentPassword=PASSWORD, newPassword="the sea behind a window")
    ),
    "listSessions": Row(Kind.OWN, asks()),
    "endOtherSessions": Row(Kind.OWN, asks()),
    "endSession": Row(Kind.OWN, of_session, denied=HIDDEN),
    "askForJoining": Row(Kind.OWN, asks()),
    "showMe": Row(Kind.OWN, asks()),
    "exportAccount": Row(Kind.OWN, asks()),
    "deleteAccount": Row(Kind.OWN, asks(password=PASSWORD)),
    "listKeys": Row(Kind.OWN, asks()),
    "createKey": Row(Kind.OWN, asks(name="laptop")),
    "revokeKey": Row(Kind.OWN, of_key, denied=HIDDEN),
    "createUser": Row(Kind.OWN_USERS, asks(externalId="client-2", name="Client"), USERS_SCOPE),
    "listUsers": Row(Kind.ADMIN, asks()),
    "setBalance": Row(Kind.ADMIN, new_balance),
    "getDialogs": Row(Kind.ADMIN, of_user),
    "endUserSessions": Row(Kind.ADMIN, of_user),
    "listAudit": Row(Kind.ADMIN, asks()),
    "listServices": Row(Kind.ADMIN, asks()),
    "registerService": Row(Kind.ADMIN, new_service),
    "addServiceKey": Row(Kind.ADMIN, new_service_key),
    "revokeServiceKey": Row(Kind.ADMIN, old_service_key),
    "createCompletion": Row(Kind.USE, asks(model="gpt-mini", messages=MESSAGES), CHAT_SCOPE),
    "listModels": Row(Kind.SHARED, asks(), CHAT_SCOPE),
    "getModel": Row(Kind.SHARED, asks(path={"model": "gpt-mini"}), CHAT_SCOPE),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the contract, as its document has it."""

    id: str
    method: str
    path: str
    statuses: frozenset[int]


async def operations(api: Api) -> dict[str, Operation]:
    document = (await api.get("/openapi.json")).body
    return {
        spec["operationId"]: Operation(
            spec["operationId"], method.upper(), path, frozenset(map(int, spec["responses"]))
        )
        for path, methods in document["paths"].items()
        for method, spec in methods.items()
        if method in METHODS
    }


@pytest.fixture(scope="module")
async def shared_api(settings: Settings, servers: Servers) -> AsyncIterator[Api]:
    """One API for all rows. It remembers users, so the state is emptied once, before it opens."""
    await servers.empty()
    async with open_api(settings, **RATES) as opened:
        yield opened


@pytest.fixture(scope="module")
async def contract(shared_api: Api) -> dict[str, Operation]:
    return await operations(shared_api)


async def test_every_operation_has_a_row(contract: dict[str, Operation]) -> None:
    assert sorted(contract) == sorted(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_who_gets_what(
    settings: Settings, shared_api: Api, contract: dict[str, Operation], name: str
) -> None:
    row, operation = ROWS[name], contract[name]
    world = World(shared_api, settings)
    await world.populate(row.scope)
    wrong = []
    # An operation may take the account away that a key belongs to: who is refused asks first.
    for caller in sorted(Caller, key=row.kind.own.__contains__):
        own = await row.ask(world, world.owner(caller))
        foreign = await row.ask(world, world.stranger)
        for whose, request in (("foreign", foreign), ("own", own)):
            if whose == "foreign" and request == own:
                continue  # it names no object
            reply = await world.ask(caller, operation.method, operation.path, request)
            if reply.status not in expected(row, caller, operation, is_own=whose == "own"):
                wrong.append((caller.name, whose, reply.status, reply.code))
    assert wrong == []


def expected(row: Row, caller: Caller, operation: Operation, *, is_own: bool) -> frozenset[int]:
    """Return what is right in this cell; where it is served, what the contract has.

    That may be 503: there is no Telegram here.
    """
    served = operation.statuses - {500}
    if row.kind is Kind.PUBLIC:
        return served - {403}
    if caller in UNKNOWN:
        return frozenset({401})
    if caller in (row.kind.own if is_own else row.kind.foreign):
        return served - {401, 403}
    return row.denied if caller in row.kind.own else frozenset({403})
