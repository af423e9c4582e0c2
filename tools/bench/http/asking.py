"""What is asked of whom: the same questions to the model, to what stands before it, and to Okno."""

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
    """People who ask Okno."""
    return [
        Caller(
            json.dumps({"userId": str(person.user_id), "message": _ANY, "stream": stream}),
            person.token,
        )
        for person in people
    ]


def completion_callers(count: int, *, stream: bool = False) -> list[Caller]:
    """Callers whom nobody knows, with the one message that a conversation begins with."""
    messages = [{"role": "user", "content": _ANY}]
    body = json.dumps({"model": MODEL, "stream": stream, "messages": messages})
    return [Caller(body)] * count


_ANY: Final = _QUESTION.format(number=NUMBER)
