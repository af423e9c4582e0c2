"""Notes that a user blocks the bot or lets it in again."""

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberUpdated
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from okno.accounts.service import AccountsService
from okno.kit.actor import SYSTEM


def router() -> Router:
    membership = Router(name="membership")
    membership.my_chat_member.register(note_reachability, F.chat.type == ChatType.PRIVATE)
    return membership


@inject
async def note_reachability(
    event: ChatMemberUpdated, accounts: FromDishka[AccountsService]
) -> None:
    if event.new_chat_member.status == ChatMemberStatus.KICKED:
        await accounts.mark_unreachable(SYSTEM, event.chat.id)
    else:
        await accounts.mark_reachable(SYSTEM, event.chat.id)
