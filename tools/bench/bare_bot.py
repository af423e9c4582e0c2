"""`python -m tools.bench.bare_bot ADDRESS TOKEN`: a bot that does as little as possible.

It makes the same calls as Okno for a message and for a click, but has no users, no languages and no
database. The difference to it is the cost of Okno itself.
"""

import sys
from typing import Any, Final

from tools.bench.bot_api import BotApi
from tools.bench.person import HELP, MENU

POLL_SECONDS: Final = 30
KEYBOARD: Final = {
    "inline_keyboard": [[{"text": label, "callback_data": label}] for label in (MENU, HELP)]
}


def main() -> None:
    address, token = sys.argv[1:]
    api = BotApi(address, token)
    offset = 0
    sys.stderr.write("bot started\n")
    while True:
        for update in api.call("getUpdates", offset=offset, timeout=POLL_SECONDS):
            offset = update["update_id"] + 1
            _answer(api, update)


def _answer(api: BotApi, update: dict[str, Any]) -> None:
    match update:
        case {"message": {"chat": {"id": chat_id}}}:
            api.call("sendMessage", chat_id=chat_id, text="Hello!", reply_markup=KEYBOARD)
        case {"callback_query": {"id": query_id, "message": message, "data": data}}:
            api.call(
                "editMessageText",
                chat_id=message["chat"]["id"],
                message_id=message["message_id"],
                text=data,
                reply_markup=KEYBOARD,
            )
            api.call("answerCallbackQuery", callback_query_id=query_id)


if __name__ == "__main__":
    main()
