"""Checks after a run that every exchange is stored and paid exactly once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from tools.bench.errors import BenchError
from tools.bench.http.people import connect

_COUNT_ROWS: Final = """
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
class StoredRows:
    """Counts of rows. `fitting`: answers that begin with their own question."""

    questions: int
    answers: int
    fitting: int
    charges: int
    holds: int
    generations: int
    wrong_balances: int


async def check_stored_rows(database: Mapping[str, str], exchanges: int) -> None:
    """Raises `BenchError` unless exactly this number of exchanges is stored and settled."""
    connection = await connect(database)
    try:
        row = await connection.fetchrow(_COUNT_ROWS)
    finally:
        await connection.close()
    if found := list(differences(StoredRows(**dict(row)), exchanges)):
        raise BenchError(f"{exchanges} exchanges were answered, but there are {', '.join(found)}")


def differences(rows: StoredRows, exchanges: int) -> Iterator[str]:
    for field in fields(StoredRows):
        expected = exchanges if field.name in _ONE_PER_EXCHANGE else 0
        if (count := getattr(rows, field.name)) != expected:
            yield f"{count} {field.name.replace('_', ' ')}"


_ONE_PER_EXCHANGE: Final = ("questions", "answers", "fitting", "charges")
