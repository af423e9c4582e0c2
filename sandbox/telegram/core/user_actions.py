"""Actions of users: write, send files, press buttons, stop an answer, block the bot."""

from dataclasses import replace
from typing import Final

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.content import MAX_CAPTION, MAX_TEXT, plain_content
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.media import media_content
from sandbox.telegram.core.members import add_my_chat_member, kicked, member
from sandbox.telegram.core.people import User
from sandbox.telegram.core.posting import drop_draft, drop_expired, post, set_reply_keyboard
from sandbox.telegram.core.world import World
from sandbox.telegram.entities import utf16_length
from sandbox.telegram.errors import SimError
from sandbox.telegram.shapes import Upload, Wire

UPLOAD_KINDS: Final = ("photo", "document", "voice")

# Clients send photos as JPEG. If the size of a photo cannot be read, it is this: pixels.
_UNKNOWN_SIZE: Final = 320


def say(world: World, chat: Chat, text: str, user_id: int | None) -> Wire:
    author = acting_user(world, chat, user_id)
    content = plain_content(text)
    if not content["text"]:
        raise SimError(400, "the message is empty")
    if utf16_length(content["text"]) > MAX_TEXT:
        raise SimError(400, f"a message has at most {MAX_TEXT} characters")
    return _send(world, chat, author, content)


def upload(world: World, chat: Chat, kind: str, file: Upload, caption: str | None) -> Wire:
    author = acting_user(world, chat, None)
    if kind not in UPLOAD_KINDS:
        raise SimError(400, f"kind is one of {', '.join(UPLOAD_KINDS)}")
    if not file.content:
        raise SimError(400, "the file is empty")
    text = plain_content(caption or "", "caption", "caption_entities")
    if utf16_length(text["caption"]) > MAX_CAPTION:
        raise SimError(400, f"a caption has at most {MAX_CAPTION} characters")
    stored = world.files.add(kind, file)
    if kind == "photo" and not stored.width:
        stored = replace(stored, width=_UNKNOWN_SIZE, height=_UNKNOWN_SIZE)
    return _send(world, chat, author, media_content(stored) | (text if text["caption"] else {}))


def click(
    world: World,
    chat: Chat,
    message_id: int,
    *,
    text: str | None,
    data: str | None,
    user_id: int | None,
) -> str:
    """Press the callback button with this label or this data; return the id of the query."""
    author = acting_user(world, chat, user_id)
    message = chat.history.get(message_id)
    if message is None:
        raise SimError(404, f"there is no message {message_id}")
    button = _button(message, text, data)
    query_id = world.callbacks.ask(chat.id)
    query = {
        "id": query_id,
        "from": author.wire(),
        "message": message,
        "chat_instance": str(-chat.id),
        "data": button["callback_data"],
    }
    world.updates.add("callback_query", query, chat_id=chat.id)
    return query_id


def stop(world: World, chat: Chat) -> None:
    """Press the Stop button of a draft. The bot has decided whether the draft stays visible."""
    drop_expired(world, chat)
    draft = chat.draft
    if draft is None or not draft.can_stop:
        raise SimError(409, "there is nothing to stop")
    if draft.keep_on_stop:
        chat.draft = replace(draft, can_stop=False)
        world.hub.publish(Change(ChangeKind.DRAFT, chat.id, {"draft": chat.draft.view()}))
    else:
        drop_draft(world, chat)
    stopped = {"chat": chat.wire(), "draft_id": draft.draft_id}
    world.updates.add("stopped_message_generation", stopped, chat_id=chat.id)


def set_blocked(world: World, chat: Chat, *, blocked: bool) -> None:
    if chat.user is None:
        raise SimError(400, "only a private chat can be blocked")
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    bot = world.bot.wire()
    old, new = (member(bot), kicked(bot)) if blocked else (kicked(bot), member(bot))
    add_my_chat_member(world, chat, chat.user.wire(), old, new)
    world.hub.publish(Change(ChangeKind.BLOCKED, chat.id, {"blocked": blocked}))


def _send(world: World, chat: Chat, author: User, content: Wire) -> Wire:
    chat.has_started = True
    message = post(world, chat, author.wire(), content)
    world.updates.add("message", message, chat_id=chat.id)
    if chat.reply_keyboard is not None and chat.reply_keyboard["one_time"]:
        set_reply_keyboard(world, chat, None)
    return message


def acting_user(world: World, chat: Chat, user_id: int | None) -> User:
    """Return the acting user. In a group, the default is the owner."""
    if chat.blocked:
        raise SimError(409, "the user has blocked the bot")
    if chat.bot_left:
        raise SimError(409, "the bot has left the chat")
    members = [chat.id] if chat.is_private else chat.member_ids
    if user_id is None and members:
        return world.chats.user(members[0])
    if user_id not in members:
        raise SimError(404, f"there is no member {user_id} in the chat")
    return world.chats.user(user_id)


def _button(message: Wire, text: str | None, data: str | None) -> Wire:
    if (text is None) == (data is None):
        raise SimError(400, "name the button either by its text or by its data")
    rows = message.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    buttons: list[Wire] = [button for row in rows for button in row]
    field, wanted = ("text", text) if data is None else ("callback_data", data)
    found = next((button for button in buttons if button.get(field) == wanted), None)
    if found is None:
        labels = ", ".join(repr(button["text"]) for button in buttons) or "none"
        raise SimError(404, f"there is no button {wanted!r}; the message has {labels}")
    if "disabled" in found:
        raise SimError(409, f"the button {found['text']!r} is disabled")
    if "callback_data" not in found:
        raise SimError(409, f"the button {found['text']!r} does not call the bot")
    return found
