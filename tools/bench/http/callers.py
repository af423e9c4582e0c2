"""Callers that send the same questions to the model, to a proxy and to Okno."""

import json
from collections.abc import Sequence
from typing import Final

from tools.bench.http.load import DIGITS, NUMBER, Caller
from tools.bench.http.model import MODEL
from tools.bench.http.people import Person

_QUESTION: Final = "Question {number}: what is to be seen from the window?"


def question(number: int) -> str:
    return _QUESTION.format(number=f"{number:0{DIGITS}}")


def chat_callers(people: Sequence[Person], *, stream: bool = False) -> list[Caller]:
    """Make one caller of `/api/chat` per person."""
    return [
        Caller(
            json.dumps({"userId": str(person.user_id), "message": _ANY, "stream": stream}),
            person.token,
        )
        for person in people
    ]


def completion_callers(count: int, *, stream: bool = False) -> list[Caller]:
    """Make anonymous callers of chat completions, with one message each."""
    messages = [{"role": "user", "content": _ANY}]
    body = json.dumps({"model": MODEL, "stream": stream, "messages": messages})
    return [Caller(body)] * count


_ANY: Final = _QUESTION.format(number=NUMBER)
