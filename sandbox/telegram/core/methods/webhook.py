"""Methods for the webhook."""

import re
from typing import Final

from aiogram.methods import DeleteWebhook, GetWebhookInfo, SetWebhook

from sandbox.telegram.core.handlers import Described, handles
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.webhook import DEFAULT_CONNECTIONS, MAX_CONNECTIONS, Webhook, check_url
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


@handles(SetWebhook)
def set_webhook(world: World, call: SetWebhook) -> Described:
    if not call.url:
        return _delete(world, drop_pending=bool(call.drop_pending_updates))
    check_url(call.url)
    if call.secret_token and not _SECRET.fullmatch(call.secret_token):
        raise bad_request("secret token contains unallowed characters")
    wanted = Webhook(
        url=call.url,
        secret_token=call.secret_token or None,
        max_connections=_connections(call.max_connections),
        has_certificate=call.certificate is not None,
    )
    world.updates.ask_for(call.allowed_updates)
    if call.drop_pending_updates:
        world.updates.clear()
    elif _same(world.webhook, wanted):
        return Described(result=True, description="Webhook is already set")
    _change(world, wanted)
    return Described(result=True, description="Webhook was set")


@handles(DeleteWebhook)
def delete_webhook(world: World, call: DeleteWebhook) -> Described:
    return _delete(world, drop_pending=bool(call.drop_pending_updates))


@handles(GetWebhookInfo)
def get_webhook_info(world: World, _call: GetWebhookInfo) -> Wire:
    updates = world.updates
    return world.webhook.info(pending=len(updates), allowed_updates=updates.allowed)


def _delete(world: World, *, drop_pending: bool) -> Described:
    if drop_pending:
        world.updates.clear()
    if not world.webhook.url:
        return Described(result=True, description="Webhook is already deleted")
    _change(world, Webhook())
    return Described(result=True, description="Webhook was deleted")


def _change(world: World, webhook: Webhook) -> None:
    world.webhook = webhook
    world.hub.publish(Change(ChangeKind.WEBHOOK_CHANGED))


def _connections(wanted: int | None) -> int:
    return DEFAULT_CONNECTIONS if wanted is None else max(1, min(wanted, MAX_CONNECTIONS))


def _same(current: Webhook, wanted: Webhook) -> bool:
    return not wanted.has_certificate and (
        current.url,
        current.secret_token,
        current.max_connections,
        current.has_certificate,
    ) == (wanted.url, wanted.secret_token, wanted.max_connections, wanted.has_certificate)
