"""setMessageReaction. Messages do not show reactions."""

from aiogram.methods import SetMessageReaction

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request


@handles(SetMessageReaction)
def set_message_reaction(world: World, call: SetMessageReaction) -> bool:
    chat = world.chats.writable(call.chat_id)
    if chat.history.get(call.message_id) is None:
        raise bad_request("message to react not found")
    reactions = call.reaction or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")  # a bot has one reaction per message
    if any(reaction.type == "paid" for reaction in reactions):
        raise bad_request("REACTION_INVALID")  # bots can't use paid reactions
    return True
