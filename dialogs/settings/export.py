"""Personal data as a file that people and programs can read."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from json import dumps
from typing import Any, TypeVar

from okno.accounts.dto import ApiKey
from okno.accounts.service import AccountsService, ApiKeysService, SessionsService
from okno.assistant.dto import ConversationExport
from okno.assistant.errors import ConversationNotFound
from okno.assistant.service import ConversationsService
from okno.billing.dto import Budget
from okno.billing.service import BillingService
from okno.kit.actor import Actor
from okno.kit.page import Page

T = TypeVar("T")
ReadPage = Callable[[Actor, int, int], Awaitable[Page[T]]]

_PAGE = 100


async def export_everything(
    actor: Actor,
    accounts: AccountsService,
    sessions: SessionsService,
    keys: ApiKeysService,
    billing: BillingService,
    conversations: ConversationsService,
) -> bytes:
    """Write all that the capabilities store about the acting user: UTF-8 JSON, times as ISO 8601.

    Raises `UserNotFound`.
    """
    person = await accounts.export(actor)
    own_keys = await keys.list(actor)
    budgets = await billing.budgets(actor, [key.id for key in own_keys])
    exported = [asdict(item) async for item in _exports(actor, conversations)]
    return dumps(
        {
            **asdict(person),
            "sessions": [asdict(session) for session in await sessions.list(actor)],
            "api_keys": [_key(key, budgets.get(key.id)) for key in own_keys],
            "balance": asdict(await billing.balance(actor)),
            "ledger": [asdict(entry) async for entry in _all(actor, billing.statement)],
            "conversations": exported,
        },
        ensure_ascii=False,
        indent=2,
        default=_plain,
    ).encode()


def _key(key: ApiKey, budget: Budget | None) -> dict[str, Any]:
    return {**asdict(key), "budget": None if budget is None else asdict(budget)}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


async def _exports(
    actor: Actor, conversations: ConversationsService
) -> AsyncIterator[ConversationExport]:
    async for conversation in _all(actor, conversations.list):
        try:
            yield await conversations.export(actor, conversation.id)
        except ConversationNotFound:  # deleted meanwhile
            continue


async def _all(actor: Actor, read: ReadPage[T]) -> AsyncIterator[T]:
    number, count = 0, 1
    while number < count:
        page = await read(actor, number, _PAGE)
        for item in page.items:
            yield item
        number, count = number + 1, page.count
