"""Methods for the menu button of all private chats or of a single chat."""

from aiogram.methods import GetChatMenuButton, SetChatMenuButton

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.world import World
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import to_wire


@handles(SetChatMenuButton)
def set_chat_menu_button(world: World, call: SetChatMenuButton) -> bool:
    button: Wire = to_wire(call.menu_button) if call.menu_button else {"type": "default"}
    if call.chat_id is None:
        world.menu_button = button
    else:
        world.chats.find(call.chat_id).menu_button = button
    return True


@handles(GetChatMenuButton)
def get_chat_menu_button(world: World, call: GetChatMenuButton) -> Wire:
    if call.chat_id is None:
        return world.menu_button
    return world.chats.find(call.chat_id).menu_button or world.menu_button
