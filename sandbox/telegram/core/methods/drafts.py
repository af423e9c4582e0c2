"""sendMessageDraft: shows an unfinished answer."""

from aiogram.methods import SendMessageDraft

from sandbox.telegram.core.content import MAX_TEXT, formatted
from sandbox.telegram.core.drafts import DRAFT_SECONDS, Draft
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.world import World
from sandbox.telegram.entities import utf16_length
from sandbox.telegram.errors import bad_request


@handles(SendMessageDraft)
def send_message_draft(world: World, call: SendMessageDraft) -> bool:
    if not call.draft_id:
        raise bad_request("invalid draft identifier specified")
    shown = formatted(call.text, call.parse_mode, call.entities)
    if utf16_length(shown.text) > MAX_TEXT:
        raise bad_request("message is too long")
    chat = world.chats.writable(call.chat_id)
    if not chat.is_private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    chat.draft = Draft(
        draft_id=call.draft_id,
        text=shown.text,
        entities=shown.entities,
        can_stop=bool(call.can_stop),
        keep_on_stop=bool(call.keep_on_stop),
        expires_at=world.clock() + DRAFT_SECONDS,
    )
    world.hub.publish(Change(ChangeKind.DRAFT, chat.id, {"draft": chat.draft.view()}))
    return True
