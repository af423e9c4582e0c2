"""Delivers updates to the bot's webhook."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.updates import Queued
from sandbox.telegram.core.webhook import Webhook
from sandbox.telegram.errors import ApiError
from sandbox.telegram.gateway import ApiGateway, ConnectionDropped
from sandbox.telegram.wakeup import on_loop
from sandbox.telegram.wire.body import parse_body

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_DELIVERED: Final = range(200, 300)
_REPLY_SECONDS: Final = 60.0
_MAX_RETRY_AFTER: Final = 3600.0
_FORBIDDEN_REPLIES: Final = frozenset({"setwebhook", "deletewebhook", "close", "logout"})


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds between attempts: the pauses double from `first` up to `last`."""

    first: float = 1.0
    last: float = 60.0

    def pause(self, failures: int) -> float:
        """Return the pause after this number of failures, which is at least one."""
        return min(self.last, self.first * 2.0 ** min(failures - 1, 30))


@dataclass(slots=True)
class _Refused(Exception):
    message: str
    retry_after: float = 0.0


class WebhookDelivery:
    """Keeps the order within a chat; updates of different chats can go out at the same time."""

    def __init__(
        self,
        gateway: ApiGateway,
        *,
        backoff: Backoff | None = None,
    ) -> None:
        self._gateway = gateway
        self._world = gateway.emulator.world
        self._backoff = backoff or Backoff()
        self._busy_chats: set[int] = set()
        self._changed = asyncio.Event()
        self._replaced = asyncio.Event()

    async def run(self) -> None:
        """Deliver updates until cancelled."""
        unsubscribe = self._world.hub.subscribe(on_loop(self._on_change))
        try:
            timeout = ClientTimeout(total=_REPLY_SECONDS)
            async with ClientSession(timeout=timeout) as client, asyncio.TaskGroup() as tasks:
                while True:
                    for queued in self._ready():
                        self._busy_chats.add(queued.chat_id)
                        tasks.create_task(self._deliver(client, queued))
                    self._changed.clear()
                    await self._changed.wait()
        finally:
            unsubscribe()

    def _on_change(self, change: Change) -> None:
        if change.kind is ChangeKind.WEBHOOK_CHANGED:
            self._replaced.set()
            self._replaced = asyncio.Event()
        if change.kind in (ChangeKind.UPDATE_QUEUED, ChangeKind.WEBHOOK_CHANGED):
            self._changed.set()

    def _ready(self) -> list[Queued]:
        """Return the first update of every idle chat, within the limit of connections."""
        webhook = self._world.webhook
        if not webhook.url:
            return []
        first: dict[int, Queued] = {}
        for queued in self._world.updates:
            first.setdefault(queued.chat_id, queued)
        idle = [queued for chat_id, queued in first.items() if chat_id not in self._busy_chats]
        return idle[: max(0, webhook.max_connections - len(self._busy_chats))]

    async def _deliver(self, client: ClientSession, queued: Queued) -> None:
        failures = 0
        webhook = self._world.webhook
        try:
            while self._is_wanted(webhook, queued):
                try:
                    await self._post(client, webhook, queued)
                except _Refused as refused:
                    failures += 1
                    webhook.note_error(refused.message, self._world.now())
                    await self._pause(refused.retry_after or self._backoff.pause(failures))
                else:
                    self._world.updates.remove(queued.id)
        finally:
            self._busy_chats.discard(queued.chat_id)
            self._changed.set()

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than until the webhook is replaced."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._replaced.wait()

    def _is_wanted(self, webhook: Webhook, queued: Queued) -> bool:
        """Return False if the webhook was changed or the update was dropped."""
        return webhook is self._world.webhook and self._world.updates.has(queued.id)

    async def _post(self, client: ClientSession, webhook: Webhook, queued: Queued) -> None:
        headers = {_SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with client.post(
                webhook.url, json=queued.update, headers=headers, allow_redirects=False
            ) as response:
                if response.status not in _DELIVERED:
                    raise _refused(response)
                content_type = response.headers.get("Content-Type", "")
                body = await response.read()
        except TimeoutError as error:
            raise _Refused("Read timeout expired") from error
        except ClientError as error:
            raise _Refused(f"Connection failed: {error}") from error
        await self._carry_out(content_type, body)

    async def _carry_out(self, content_type: str, body: bytes) -> None:
        """Perform a call in the bot's answer to an update. The bot does not get its result."""
        try:
            fields, files = await parse_body(content_type, body)
        except ApiError:
            return  # the answer need not be a call
        method = str(fields.pop("method", "")).lower()
        if not method or method in _FORBIDDEN_REPLIES or method.startswith("get"):
            return
        try:
            await self._gateway.answer(method, fields, files)
        except ConnectionDropped:
            return  # there is no connection to drop


def _refused(response: ClientResponse) -> _Refused:
    message = f"Wrong response from the webhook: {response.status} {response.reason}"
    retry_after = response.headers.get("Retry-After", "")
    seconds = float(retry_after) if retry_after.isdigit() else 0.0
    return _Refused(message, min(seconds, _MAX_RETRY_AFTER))
