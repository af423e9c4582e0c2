"""The commands of administrators. They are refused to everybody else, and not published."""

import re
from contextlib import suppress

from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Command, CommandObject
from aiogram.types import Message
from aiogram_i18n import I18nContext
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from okno.accounts.dto import Account
from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.assistant.service import HousekeepingService
from okno.billing.service import BillingService, PaymentsService
from okno.kit.actor import Forbidden, Role

FORCE = "force"

MAX_TELEGRAM_ID = 2**52
"""Telegram ids have at most 52 significant bits: core.telegram.org/bots/api#user."""

_NUMBER = re.compile(r"-?[0-9]{1,18}")


def router() -> Router:
    admin = Router(name="admin")
    admin.message.register(refuse, Command("grant", "refund", "stats"), _is_no_admin)
    admin.message.register(grant, Command("grant"))
    admin.message.register(refund, Command("refund"))
    admin.message.register(show_counters, Command("stats"))
    return admin


async def _is_no_admin(_message: Message, account: Account | None) -> bool:
    return account is None or account.role is not Role.ADMIN


async def refuse(_message: Message) -> None:
    raise Forbidden


@inject
async def grant(
    message: Message,
    command: CommandObject,
    account: Account,
    bot: Bot,
    i18n: I18nContext,
    accounts: FromDishka[AccountsService],
    billing: FromDishka[BillingService],
) -> None:
    """Give units to a user, once per message of the administrator, and tell both."""
    match (command.args or "").split():
        case [whom, units] if (wanted := _parse_user(whom)) and _NUMBER.fullmatch(units):
            amount = int(units)
        case _:
            await message.answer(i18n.get("grant-usage"))
            return
    try:
        user = await accounts.look_up(account.actor, wanted)
    except UserNotFound:
        await message.answer(i18n.get("admin-user-unknown", whom=whom), parse_mode=None)
        return
    key = f"telegram:{bot.id}:{message.chat.id}:{message.message_id}"
    balance = await billing.grant(account.actor, user.user_id, amount, key)
    name = user.first_name
    await message.answer(
        i18n.get("grant-done", amount=amount, name=name, balance=balance.balance), parse_mode=None
    )
    if user.telegram_id is not None and user.user_id != account.user_id:
        with suppress(TelegramForbiddenError, TelegramBadRequest):
            text = i18n.get("grant-received", user.language, amount=amount)
            await bot.send_message(user.telegram_id, text)


@inject
async def refund(
    message: Message,
    command: CommandObject,
    account: Account,
    i18n: I18nContext,
    payments: FromDishka[PaymentsService],
) -> None:
    """Give the Stars of a payment back; a repeat goes on where the first attempt ended."""
    match (command.args or "").split():
        case [charge_id]:
            force = False
        case [charge_id, word] if word.lower() == FORCE:
            force = True
        case _:
            await message.answer(i18n.get("refund-usage"))
            return
    done = await payments.refund(account.actor, charge_id, force=force)
    await message.answer(
        i18n.get(
            "refund-done",
            stars=done.stars,
            tokens=done.tokens - done.shortfall,
            shortfall=done.shortfall,
        )
    )


@inject
async def show_counters(
    message: Message,
    account: Account,
    i18n: I18nContext,
    accounts: FromDishka[AccountsService],
    billing: FromDishka[BillingService],
    assistant: FromDishka[HousekeepingService],
) -> None:
    people = await accounts.counters(account.actor)
    talk = await assistant.counters(account.actor)
    money = await billing.counters(account.actor)
    await message.answer(
        i18n.get(
            "stats-text",
            users=people.users,
            seen=people.seen,
            conversations=talk.conversations,
            messages=talk.messages,
            tokens=talk.tokens,
            running=talk.running,
            balance=money.balance,
            held=money.held,
            holds=money.open_holds,
            used=money.used_total,
            stars=money.stars_paid,
            refunded=money.stars_refunded,
        )
    )


def _parse_user(text: str) -> int | str | None:
    """Read a Telegram id, or a username that follows an @; return None for anything else."""
    if _NUMBER.fullmatch(text) and 0 < int(text) < MAX_TELEGRAM_ID:
        return int(text)
    return text[1:] if text.startswith("@") and len(text) > 1 else None
