"""`emulator`: how fast the Telegram emulator is, and how much of the Bot API it understands."""

from time import perf_counter
from typing import Final

from sandbox.programs import TOKEN
from tools.bench.bot_api import BotApi
from tools.bench.errors import BenchError
from tools.bench.figures import Figure, single, spread
from tools.bench.person import new_person, open_http, run_people
from tools.bench.round_trip import count_methods
from tools.bench.stage import telegram_stage

HTTP_CALLS: Final = 1000
IN_PROCESS_CALLS: Final = 5000
WARM_UP: Final = 20


def measure() -> list[Figure]:
    with telegram_stage() as telegram:
        waits = _over_http(telegram)
    methods = count_methods()
    return [
        spread("sendMessage over HTTP", waits),
        single("sendMessage in process", _in_process(), "calls/s"),
        Figure(
            "round trip over the methods of aiogram",
            "methods",
            {"tried": methods.tried, "read back as sent": methods.read_back},
        ),
        single("time for these, with and without optional fields", methods.seconds, "s"),
    ]


def _over_http(telegram: str) -> list[float]:
    """Return the seconds of each call over one connection that stays open."""
    api = BotApi(telegram, TOKEN)
    chat_id = run_people(_new_chat(telegram))
    waits = []
    for number in range(WARM_UP + HTTP_CALLS):
        started = perf_counter()
        api.call("sendMessage", chat_id=chat_id, text=f"Message {number}")
        waits.append(perf_counter() - started)
    api.close()
    return waits[WARM_UP:]


async def _new_chat(telegram: str) -> int:
    async with open_http(telegram) as http, new_person(http) as person:
        return person.chat_id


def _in_process() -> float:
    """Return the calls per second without HTTP."""
    # This imports aiogram, which takes seconds: `--help` must not wait for it.
    from sandbox.telegram import Emulator  # noqa: PLC0415

    emulator = Emulator()
    chat_id = emulator.create_user("Anna").id
    started = perf_counter()
    for number in range(IN_PROCESS_CALLS):
        fields = {"chat_id": chat_id, "text": f"Message {number}"}
        _, reply = emulator.call("sendMessage", fields)
        if not reply["ok"]:
            raise BenchError(f"sendMessage was refused: {reply['description']}")
    return IN_PROCESS_CALLS / (perf_counter() - started)
