"""Adds, replaces and removes messages of a chat, and announces each change."""

from aiogram.types import ForceReply, ReplyKeyboardMarkup

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.keyboards import (
    changes_reply_keyboard,
    inline_keyboard,
    reply_keyboard,
)
from sandbox.telegram.core.mentions import with_people
from sandbox.telegram.core.views import message_view
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire


def post(world: World, chat: Chat, author: Wire, content: Wire) -> Wire:
    """Add a message with the next id of the chat."""
    message = {
        "message_id": chat.history.next_id(),
        "from": author,
        "chat": chat.wire(),
        "date": world.now(),
        **content,
    }
    chat.history.put(message)
    announce(world, chat, message)
    return message


def post_as_bot(world: World, chat: Chat, content: Wire, markup: object = None) -> Wire:
    """Add a message of the bot, and end its draft and its chat action."""
    inline = inline_keyboard(markup)
    drop_draft(world, chat)
    drop_action(world, chat)
    content = with_people(content, world.chats) | ({"reply_markup": inline} if inline else {})
    message = post(world, chat, world.bot.wire(), content)
    if isinstance(markup, ReplyKeyboardMarkup | ForceReply):
        chat.history.fix(message["message_id"])
    if changes_reply_keyboard(markup):
        keyboard = reply_keyboard(markup) if isinstance(markup, ReplyKeyboardMarkup) else None
        set_reply_keyboard(world, chat, keyboard)
    return message


def replace(world: World, chat: Chat, old: Wire, new: Wire) -> Wire:
    """Replace a message. Raises ApiError if the parsed content is the same."""
    new = with_people(new, world.chats)
    if {**new, "edit_date": 0} == {**old, "edit_date": 0}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    edited = {**new, "edit_date": world.now()}
    chat.history.put(edited)
    announce(world, chat, edited)
    return edited


def remove(world: World, chat: Chat, message_ids: list[int]) -> None:
    for message_id in message_ids:
        chat.history.remove(message_id)
        if message_id in chat.pinned_ids:
            chat.pinned_ids.remove(message_id)
    world.hub.publish(Change(ChangeKind.DELETED, chat.id, {"ids": message_ids}))


def announce(world: World, chat: Chat, message: Wire) -> None:
    world.hub.publish(Change(ChangeKind.MESSAGE, chat.id, message_view(world, message)))


def set_reply_keyboard(world: World, chat: Chat, keyboard: Wire | None) -> None:
    chat.reply_keyboard = keyboard
    change = Change(ChangeKind.REPLY_KEYBOARD, chat.id, {"reply_keyboard": keyboard})
    world.hub.publish(change)


def drop_draft(world: World, chat: Chat) -> None:
    if chat.draft is not None:
        chat.draft = None
        world.hub.publish(Change(ChangeKind.DRAFT, chat.id, {"draft": None}))


def drop_action(world: World, chat: Chat) -> None:
    if chat.action is not None:
        chat.action = None
        world.hub.publish(Change(ChangeKind.ACTION, chat.id, {"action": None}))


def drop_expired(world: World, chat: Chat) -> None:
    """End drafts and chat actions whose time is over."""
    now = world.clock()
    if chat.draft is not None and chat.draft.expires_at <= now:
        drop_draft(world, chat)
    if chat.action is not None and chat.action.expires_at <= now:
        drop_action(world, chat)
