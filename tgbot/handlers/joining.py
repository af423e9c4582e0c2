"""Handles `/start join_<code>`: a link of the web app to `t.me` joins two accounts."""

import re

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.confirmation.link import open_link
from dialogs.home import open_root
from dialogs.menu.states import Menu
from okno.accounts.service import ConfirmationsService

# The characters that a link may hold: https://core.telegram.org/api/links#bot-links.
_START = re.compile(r"/start(?:@\w+)? join_([A-Za-z0-9_-]{1,64})", re.ASCII)


def router() -> Router:
    joining = Router(name="joining")
    joining.message.register(join, _names_code)
    return joining


def code_in(text: str | None) -> str | None:
    """Return the code with which the bot was started; None if there is none."""
    found = _START.fullmatch(text or "")
    return found[1] if found else None


async def _names_code(message: Message) -> dict[str, str] | bool:
    code = code_in(message.text)
    return {"code": code} if code else False


@inject
async def join(
    _message: Message,
    code: str,
    dialog_manager: DialogManager,
    confirmations: FromDishka[ConfirmationsService],
) -> None:
    """Open the window of the confirmation beside any open window."""
    if not await open_link(dialog_manager, confirmations, code):
        await open_root(dialog_manager, Menu.main)
