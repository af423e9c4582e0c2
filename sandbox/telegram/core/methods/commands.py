"""Methods for the bot's commands."""

import re
from typing import Final, TypeAlias

from aiogram.methods import DeleteMyCommands, GetMyCommands, SetMyCommands
from aiogram.types import BotCommand

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.commands import DEFAULT_SCOPE, Scope
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.transcript import visible_commands
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import to_wire

MAX_COMMANDS: Final = 100
MAX_DESCRIPTION: Final = 256

_NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
_Scoped: TypeAlias = SetMyCommands | GetMyCommands | DeleteMyCommands


@handles(SetMyCommands)
def set_my_commands(world: World, call: SetMyCommands) -> bool:
    if len(call.commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_checked(command) for command in call.commands]
    world.commands.set(_scope(world, call), call.language_code, commands)
    _announce(world)
    return True


@handles(GetMyCommands)
def get_my_commands(world: World, call: GetMyCommands) -> list[Wire]:
    return world.commands.get(_scope(world, call), call.language_code)


@handles(DeleteMyCommands)
def delete_my_commands(world: World, call: DeleteMyCommands) -> bool:
    world.commands.delete(_scope(world, call), call.language_code)
    _announce(world)
    return True


def _checked(command: BotCommand) -> Wire:
    name = command.command.strip().removeprefix("/")
    description = command.description.strip()
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _scope(world: World, call: _Scoped) -> Scope:
    fields: Wire = to_wire(call.scope) if call.scope else {}
    if not fields:
        return DEFAULT_SCOPE
    chat = _chat(world, fields["chat_id"]) if "chat_id" in fields else None
    return fields["type"], None if chat is None else chat.id, fields.get("user_id")


def _chat(world: World, chat_id: int | str) -> Chat:
    """Find a chat. Inside JSON, the id may also be a string of digits."""
    text = str(chat_id)
    return world.chats.find(int(text) if text.removeprefix("-").isdigit() else text)


def _announce(world: World) -> None:
    for chat in world.chats:
        commands = visible_commands(world, chat)
        world.hub.publish(Change(ChangeKind.COMMANDS, chat.id, {"commands": commands}))
