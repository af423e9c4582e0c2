"""Callback queries: pressed buttons that wait for the bot's answer."""

from dataclasses import dataclass
from itertools import count
from typing import Final

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.shapes import Clock

MAX_QUERIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """The answer to a click: nothing, a toast, an alert or a link."""

    text: str | None = None
    show_alert: bool = False
    url: str | None = None


@dataclass(slots=True)
class _Query:
    asked_at: float
    chat_id: int
    answer: CallbackAnswer | None = None


class CallbackBook:
    """Callback queries and their answers.

    It is not known whether Telegram refuses a second answer, so `refuse_second_answer` decides.
    Otherwise a second answer has no effect.
    """

    def __init__(self, clock: Clock, *, lifetime: float, refuse_second_answer: bool) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._refuse_second_answer = refuse_second_answer
        self._queries: dict[str, _Query] = {}
        self._ids = count(1)

    def ask(self, chat_id: int) -> str:
        query_id = str(next(self._ids))
        self._queries[query_id] = _Query(self._clock(), chat_id)
        if len(self._queries) > MAX_QUERIES:
            del self._queries[next(iter(self._queries))]
        return query_id

    def give(self, query_id: str, answer: CallbackAnswer) -> int:
        """Store the answer; return the chat of the button. Raises ApiError."""
        query = self._queries.get(query_id)
        if query is None or self._clock() - query.asked_at > self._lifetime:
            raise _too_old()
        if query.answer is None:
            query.answer = answer
        elif self._refuse_second_answer:
            raise _too_old()
        return query.chat_id

    def answer(self, query_id: str) -> CallbackAnswer | None:
        query = self._queries.get(query_id)
        return None if query is None else query.answer

    def unanswered(self) -> list[str]:
        return [query_id for query_id, query in self._queries.items() if query.answer is None]

    def clear(self) -> None:
        self._queries.clear()


def _too_old() -> ApiError:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
