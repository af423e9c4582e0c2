"""getMe, and the two methods for moving a bot to another server."""

from aiogram.methods import Close, GetMe, LogOut

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.world import World
from sandbox.telegram.shapes import Wire


@handles(GetMe)
def get_me(world: World, _call: GetMe) -> Wire:
    return {
        **world.bot.wire(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@handles(LogOut, Close)
def log_out(_world: World, _call: LogOut | Close) -> bool:
    """Do nothing, since there is no other server."""
    return True
