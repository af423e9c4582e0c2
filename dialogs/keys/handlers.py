"""Handles the clicks in the windows of the API keys, and the texts that they wait for."""

from html import escape

from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode
from aiogram_dialog.widgets.kbd import Button
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.keys.dialog_data import give_name, key_id, name, open_key, refuse
from dialogs.keys.states import Keys
from dialogs.kit.account import account_of
from dialogs.kit.clicks import answer_click
from dialogs.kit.middleware_data import bot_of, chat_id_of, i18n_of
from okno.accounts.config import Issuer
from okno.accounts.dto import NewApiKey
from okno.accounts.errors import ApiKeyNotFound
from okno.accounts.service import ApiKeysService
from okno.billing.errors import AmountInvalid


async def begin_key(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Wait for a name, without the complaint about an earlier one."""
    refuse(manager, refused=False)


async def name_key(
    _message: Message,
    _input: object,
    manager: DialogManager,
    text: str,
) -> None:
    """Take the name, or show the window again with the reason why it does not fit."""
    if give_name(manager, text):
        await manager.switch_to(Keys.limit)


@inject
async def make_key_up_to(
    _message: Message,
    _input: object,
    manager: DialogManager,
    text: str,
    keys: FromDishka[ApiKeysService],
    api_address: FromDishka[Issuer],
) -> None:
    """Make the key with the limit that was typed, or show the window again."""
    digits = "".join(text.split())
    if not digits.isdecimal():
        refuse(manager, refused=True)
        return
    try:
        await _make(manager, keys, api_address, int(digits[:30]))
    except AmountInvalid:
        refuse(manager, refused=True)


@inject
async def make_key_with(
    _callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    limit: int,
    keys: FromDishka[ApiKeysService],
    api_address: FromDishka[Issuer],
) -> None:
    """Make the key with a limit that was offered."""
    await _make(manager, keys, api_address, limit)


@inject
async def make_key(
    _callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    keys: FromDishka[ApiKeysService],
    api_address: FromDishka[Issuer],
) -> None:
    """Make the key without a limit."""
    await _make(manager, keys, api_address, None)


async def read_key(
    _callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    key: int,
) -> None:
    open_key(manager, key)
    await manager.switch_to(Keys.key)


@inject
async def revoke_key(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    keys: FromDishka[ApiKeysService],
) -> None:
    i18n = i18n_of(manager)
    try:
        await keys.revoke(account_of(manager).actor, key_id(manager))
    except ApiKeyNotFound:
        await answer_click(callback, i18n.get("key-gone"))
    else:
        await answer_click(callback, i18n.get("key-revoked"))
    await manager.switch_to(Keys.main)


async def _make(
    manager: DialogManager, keys: ApiKeysService, api_address: Issuer, limit: int | None
) -> None:
    """Make the key and send its secret; the list of all keys follows below it."""
    actor = account_of(manager).actor
    made = await keys.create(actor, name(manager), limit)
    try:
        await _send_secret(manager, made, f"{api_address}/v1")
    except (TelegramAPIError, ClientDecodeError):
        await keys.revoke(actor, made.key.id)  # nobody will ever know its secret
        raise
    await manager.switch_to(Keys.main, show_mode=ShowMode.DELETE_AND_SEND)


async def _send_secret(manager: DialogManager, made: NewApiKey, address: str) -> None:
    bot = bot_of(manager)
    i18n = i18n_of(manager)
    text = i18n.get(
        "key-secret",
        name=escape(made.key.name, quote=False),
        secret=made.secret,
        address=escape(address, quote=False),
    )
    await bot.send_message(chat_id_of(manager), text)
