"""The books after a run: whatever was answered is stored and paid, once and rightly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from tools.bench.errors import BenchError
from tools.bench.http.people import connect

_BOOKS: Final = """
    SELECT (SELECT count(*) FROM messages WHERE role = 'user') AS questions,
           (SELECT count(*) FROM messages WHERE role = 'assistant' AND status = 'done') AS answers,
           (SELECT count(*) FROM messages AS answer JOIN messages AS question
                ON question.id = answer.question_id
             WHERE starts_with(answer.text, question.text)) AS fitting,
           (SELECT count(*) FROM ledger_entries WHERE kind = 'usage') AS charges,
           (SELECT count(*) FROM holds) AS holds,
           (SELECT count(*) FROM generations) AS generations,
           (SELECT count(*) FROM balances WHERE held <> 0 OR balance <> (
                SELECT sum(amount) FROM ledger_entries AS entry
                 WHERE entry.user_id = balances.user_id)) AS wrong_balances
"""


@dataclass(frozen=True, slots=True)
class Books:
    """Counts of rows. `fitting`: answers that begin with the question they belong to."""

    questions: int
    answers: int
    fitting: int
    charges: int
    holds: int
    generations: int
    wrong_balances: int


async def check_books(database: Mapping[str, str], turns: int) -> None:
    """Raises `BenchError` unless exactly so many turns are stored and settled."""
    connection = await connect(database)
    try:
        row = await connection.fetchrow(_BOOKS)
    finally:
        await connection.close()
    if found := list(differences(Books(**dict(row)), turns)):
        raise BenchError(f"{turns} turns were answered, but there are {', '.join(found)}")


def differences(books: Books, turns: int) -> Iterator[str]:
    for field in fields(Books):
        expected = turns if field.name in _ONE_PER_TURN else 0
        if (count := getattr(books, field.name)) != expected:
            yield f"{count} {field.name.replace('_', ' ')}"


_ONE_PER_TURN: Final = ("questions", "answers", "fitting", "charges")
