"""Methods for the bot's name and descriptions in each language."""

from typing import Final

from aiogram.methods import (
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

MAX_NAME: Final = 64
MAX_DESCRIPTION: Final = 512
MAX_SHORT_DESCRIPTION: Final = 120


@handles(SetMyName)
def set_my_name(world: World, call: SetMyName) -> bool:
    _check_length(call.name, MAX_NAME, "bot name")
    world.bot.name.set(call.language_code, call.name)
    return True


@handles(GetMyName)
def get_my_name(world: World, call: GetMyName) -> Wire:
    return {"name": world.bot.name.get(call.language_code)}


@handles(SetMyDescription)
def set_my_description(world: World, call: SetMyDescription) -> bool:
    _check_length(call.description, MAX_DESCRIPTION, "bot description")
    world.bot.description.set(call.language_code, call.description)
    return True


@handles(GetMyDescription)
def get_my_description(world: World, call: GetMyDescription) -> Wire:
    return {"description": world.bot.description.get(call.language_code)}


@handles(SetMyShortDescription)
def set_my_short_description(world: World, call: SetMyShortDescription) -> bool:
    _check_length(call.short_description, MAX_SHORT_DESCRIPTION, "bot short description")
    world.bot.short_description.set(call.language_code, call.short_description)
    return True


@handles(GetMyShortDescription)
def get_my_short_description(world: World, call: GetMyShortDescription) -> Wire:
    return {"short_description": world.bot.short_description.get(call.language_code)}


def _check_length(text: str | None, limit: int, what: str) -> None:
    if text is not None and len(text) > limit:
        raise bad_request(f"{what} is too long")
