"""The examples of the document work as they stand, for whoever begins with an empty database."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from api.openapi import published_document
from okno.accounts.service import AccountsService
from okno.kit.actor import SYSTEM
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.api import Api, Reply
from tests.support.telegram_over_http import open_connected

DOCUMENT = published_document()
DRAWN = {"refresh", "exchangeAssertion", "showDecision", "endSession"}
"""They need what no document can hold: a token, a signature or an id that was drawn."""
FIRST = ("register", "ask", "createKey", "registerService", "addServiceKey")
LAST = ("createInvoice", "logout", "endUserSessions", "changePassword")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document, with the examples that stand there."""

    id: str
    method: str
    path: str
    params: dict[str, Any]
    body: Any


def operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method, described in item.items():
            content = described.get("requestBody", {}).get("content", {})
            yield Operation(
                described["operationId"],
                method.upper(),
                path.format(**given(described, "path")),
                given(described, "query"),
                example(content["application/json"]["schema"]) if content else None,
            )


def given(operation: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the examples of the parameters that have to be given."""
    return {
        one["name"]: example(one["schema"])
        for one in operation.get("parameters", ())
        if one["in"] == where and one["required"]
    }


def example(schema: dict[str, Any]) -> Any:
    """Return the example of a schema, or make one of those of its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("type") == "object":
        return {
            name: example(part)
            for name, part in schema["properties"].items()
            if name in schema.get("required", ()) or "examples" in part
        }
    if schema.get("type") == "array":
        return [example(schema["items"])]
    return None


def order(operation: Operation) -> tuple[int, bool, int]:
    """First what makes something, at last what ends it."""
    first = FIRST.index(operation.id) if operation.id in FIRST else len(FIRST)
    last = LAST.index(operation.id) + 1 if operation.id in LAST else 0
    return last, operation.method == "DELETE", first


@pytest.fixture
async def connected(settings: Settings, clean: None, emulator: Emulator) -> AsyncIterator[Api]:
    async with open_connected(settings, emulator) as api:
        yield api


async def send(api: Api, operation: Operation, token: str | None) -> Reply:
    return await api.request(
        operation.method,
        operation.path,
        token=token,
        params=operation.params,
        json=operation.body,
    )


async def prepare(api: Api, operation: Operation, token: str | None) -> str | None:
    """Be whom the operation is for; return the token."""
    if operation.id == "createUser":
        return (await api.make_service()).assertion()
    if operation.id == "createInvoice":
        async with (await api.container.get(Engine)).begin() as connection:
            await connection.execute(text("UPDATE users SET telegram_id = 7001 WHERE id = 1"))
    if operation.id == "deleteAccount":
        return (await api.register("boris", operation.body["password"])).token
    if operation.id in LAST:
        return (await api.sign_in("anna")).token
    return token


async def test_every_example_works(connected: Api) -> None:
    token, failed = None, []
    wanted = [one for one in sorted(operations(), key=order) if one.id not in DRAWN]
    for operation in wanted:
        reply = await send(connected, operation, await prepare(connected, operation, token))
        if reply.status >= 300:
            failed.append((operation.id, reply.status, reply.body))
        if operation.id == "register":
            token = reply.body["token"]
            accounts = await connected.container.get(AccountsService)
            await accounts.make_admin(SYSTEM, operation.body["username"])
    assert failed == []
