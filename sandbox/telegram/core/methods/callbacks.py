"""answerCallbackQuery."""

from typing import Final

from aiogram.methods import AnswerCallbackQuery

from sandbox.telegram.core.callbacks import CallbackAnswer
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request

MAX_ANSWER: Final = 200


@handles(AnswerCallbackQuery)
def answer_callback_query(world: World, call: AnswerCallbackQuery) -> bool:
    if call.text is not None and len(call.text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(call.text or None, bool(call.show_alert), call.url or None)
    chat_id = world.callbacks.give(call.callback_query_id, answer)
    world.hub.publish(Change(ChangeKind.CALLBACK_ANSWERED, chat_id, {"id": call.callback_query_id}))
    return True
