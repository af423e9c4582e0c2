"""getUpdates without waiting; `sandbox.telegram.polling` waits."""

from typing import Final

from aiogram.methods import GetUpdates

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import conflict
from sandbox.telegram.shapes import Wire

MAX_UPDATES: Final = 100


@handles(GetUpdates)
def get_updates(world: World, call: GetUpdates) -> list[Wire]:
    check_no_webhook(world)
    world.updates.ask_for(call.allowed_updates)
    world.updates.confirm(call.offset or 0)
    return world.updates.first(update_limit(call))


def check_no_webhook(world: World) -> None:
    if world.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )


def update_limit(call: GetUpdates) -> int:
    limit = MAX_UPDATES if call.limit is None else call.limit
    return max(1, min(limit, MAX_UPDATES))
