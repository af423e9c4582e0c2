"""The statements that every exchange needs; each handles many users, one exchange of a user.

The users are pinned, and locked by `PreferenceStore.lock_many` where an exchange
begins. What is rare has its statement in the stores of the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from okno.kit.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewExchange:
    """A question and the answer that begins.

    `text` is None when the question `question_id`, which failed, is asked again.
    """

    user_id: int
    conversation_id: int
    text: str | None
    question_id: int | None
    generation_id: UUID
    hold_id: UUID
    origin: str


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer as it is to be stored.

    `question_tokens`: what the question added to the prompt, where that is known. `cuts_context`:
    the oldest messages do not fit any more, and the user was told so.
    """

    conversation_id: int
    question_id: int
    text: str
    status: str
    model: str
    model_version: str | None
    input_tokens: int
    output_tokens: int
    estimated: bool
    cost: int
    at: datetime
    question_tokens: int | None
    cuts_context: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that gets no answer, with the code of the error."""

    question_id: int
    code: str


class ExchangeStore:
    """Writes to `messages`, `generations` and whatever else an exchange changes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def begin(
        self, exchanges: Sequence[NewExchange], now: datetime, lease_until: datetime
    ) -> list[int]:
        """Store the questions and note the answers that begin; return the ids of the questions."""
        rows = await self._uow.fetch(
            _BEGIN,
            [exchange.user_id for exchange in exchanges],
            [exchange.conversation_id for exchange in exchanges],
            [exchange.text for exchange in exchanges],
            [exchange.question_id for exchange in exchanges],
            [exchange.generation_id for exchange in exchanges],
            [exchange.hold_id for exchange in exchanges],
            [exchange.origin for exchange in exchanges],
            now,
            lease_until,
        )
        found: dict[int, int] = dict(rows)
        return [found[exchange.conversation_id] for exchange in exchanges]

    async def end(self, generation_ids: Sequence[UUID]) -> set[UUID]:
        """Forget generations; return those that had not been taken over and are ours to end."""
        rows = await self._uow.fetch(
            "DELETE FROM generations WHERE id = ANY ($1::uuid[]) RETURNING id", generation_ids
        )
        return {generation_id for (generation_id,) in rows}

    async def let_go(self, generation_ids: Sequence[UUID], now: datetime) -> set[UUID]:
        """Do the same, but leave the rows to whoever looks for those that nobody was told of."""
        rows = await self._uow.fetch(
            "UPDATE generations SET lease_until = $2 WHERE id = ANY ($1::uuid[]) RETURNING id",
            generation_ids,
            now,
        )
        return {generation_id for (generation_id,) in rows}

    async def answer(self, answers: Sequence[NewAnswer]) -> list[int]:
        """Store the answers and close their questions; return the ids of the answers."""
        rows = await self._uow.fetch(
            _ANSWER,
            [one.conversation_id for one in answers],
            [one.question_id for one in answers],
            [one.text for one in answers],
            [one.status for one in answers],
            [one.model for one in answers],
            [one.model_version for one in answers],
            [one.input_tokens for one in answers],
            [one.output_tokens for one in answers],
            [one.estimated for one in answers],
            [one.cost for one in answers],
            [one.at for one in answers],
            [one.question_tokens for one in answers],
            [one.cuts_context for one in answers],
        )
        found: dict[int, int] = dict(rows)
        return [found[one.question_id] for one in answers]

    async def fail(self, failures: Sequence[Failure]) -> None:
        """Note why the questions, if they wait for an answer, get none."""
        await self._uow.fetch(
            _FAIL, [one.question_id for one in failures], [one.code for one in failures]
        )


_BEGIN = """
WITH exchanges AS (
    SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::uuid[], $6::uuid[], $7::text[]
    ) AS exchanges (user_id, conversation_id, text, question_id, generation_id, hold_id, origin)
), touched AS (
    UPDATE conversations SET updated_at = $8
    FROM exchanges WHERE conversations.id = conversation_id
), asked AS (
    INSERT INTO messages (conversation_id, role, text, status, created_at)
    SELECT conversation_id, 'user', text, 'pending', $8 FROM exchanges WHERE question_id IS NULL
    RETURNING conversation_id, id
), reopened AS (
    UPDATE messages SET status = 'pending', failure = NULL
    FROM exchanges WHERE messages.id = exchanges.question_id AND status IN ('failed', 'pending')
    RETURNING messages.conversation_id, messages.id
), questions AS (
    SELECT * FROM asked UNION ALL SELECT * FROM reopened
), running AS (
    INSERT INTO generations (
        id, user_id, conversation_id, question_id, hold_id, origin, started_at, lease_until
    )
    SELECT generation_id, user_id, conversation_id, questions.id, hold_id, origin, $8, $9
    FROM exchanges JOIN questions USING (conversation_id)
), revised AS (
    UPDATE preferences
    SET conversation_id = exchanges.conversation_id, revision = revision + 1
    FROM exchanges WHERE preferences.user_id = exchanges.user_id
)
SELECT conversation_id, id FROM questions
"""

_ANSWER = """
WITH answers AS (
    SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
        $8::int[], $9::boolean[], $10::bigint[], $11::timestamptz[], $12::int[], $13::boolean[]
    ) AS answers (
        conversation_id, question_id, text, status, model, model_version, input_tokens,
        output_tokens, estimated, cost, at, question_tokens, cuts_context
    )
), answered AS (
    INSERT INTO messages (
        conversation_id, question_id, role, text, status, model, model_version, input_tokens,
        output_tokens, estimated, cost, created_at
    )
    SELECT conversation_id, question_id, 'assistant', text, status, model, model_version,
        input_tokens, output_tokens, estimated, cost, at
    FROM answers
    RETURNING question_id, id
), closed AS (
    UPDATE messages SET status = 'done', input_tokens = question_tokens
    FROM answers WHERE messages.id = answers.question_id AND messages.status = 'pending'
), cut AS (
    UPDATE conversations SET context_cut = true
    FROM answers WHERE conversations.id = answers.conversation_id AND cuts_context
)
SELECT question_id, id FROM answered
"""

_FAIL = """
UPDATE messages SET status = 'failed', failure = code
FROM unnest($1::bigint[], $2::text[]) AS failures (question_id, code)
WHERE messages.id = failures.question_id AND status = 'pending'
"""
