"""Personal data as a file that people and programs can read."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from json import dumps
from typing import TypeVar

from okno.accounts.service import AccountsService
from okno.assistant.dto import ConversationExport
from okno.assistant.errors import ConversationNotFound
from okno.assistant.service import ConversationsService
from okno.billing.service import BillingService
from okno.kit.actor import Actor
from okno.kit.page import Page

T = TypeVar("T")
ReadPage = Callable[[Actor, int, int], Awaitable[Page[T]]]

_PAGE = 100


async def export_everything(
    actor: Actor,
    accounts: AccountsService,
    billing: BillingService,
    conversations: ConversationsService,
) -> bytes:
    """Write all that the capabilities store about the acting user: UTF-8 JSON, times as ISO 8601.

    Raises `UserNotFound`.
    """
    person = await accounts.export(actor)
    exported = [asdict(item) async for item in _exports(actor, conversations)]
    return dumps(
        {
            **asdict(person),
            "balance": asdict(await billing.balance(actor)),
            "ledger": [asdict(entry) async for entry in _all(actor, billing.statement)],
            "conversations": exported,
        },
        ensure_ascii=False,
        indent=2,
        default=datetime.isoformat,
    ).encode()


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
