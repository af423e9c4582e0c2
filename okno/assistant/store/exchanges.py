"""The statements that every exchange needs; each handles many users, one exchange of a user.

The users are pinned, and locked by `PreferenceStore.lock_many` where an exchange
begins. What is rare has its statement in the stores of the tables.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from okno.assistant.dto import Message, MessageRole
from okno.assistant.steps import GenerationEnd, QuestionPlan
from okno.billing.dto import Hold
from okno.kit.uow import UnitOfWork


class ExchangeStore:
    """Writes to `messages`, `generations` and whatever else an exchange changes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def begin(
        self,
        plans: Sequence[QuestionPlan],
        conversation_ids: Sequence[int],
        holds: Sequence[Hold],
        now: datetime,
        lease_until: datetime,
    ) -> list[int]:
        """Store the questions and the running generations; return the ids of the questions."""
        rows = await self._uow.fetch(
            _BEGIN,
            [one.user_id for one in plans],
            conversation_ids,
            [one.question.text for one in plans],
            [one.question.retried_id for one in plans],
            [one.prompt.request_id for one in plans],
            [hold.id for hold in holds],
            [one.question.origin for one in plans],
            now,
            lease_until,
        )
        found: dict[int, int] = dict(rows)
        return [found[conversation_id] for conversation_id in conversation_ids]

    async def end(self, generation_ids: Sequence[UUID]) -> set[UUID]:
        """Delete running generations; return those that were still there."""
        rows = await self._uow.fetch(
            "DELETE FROM generations WHERE id = ANY ($1::uuid[]) RETURNING id", generation_ids
        )
        return {generation_id for (generation_id,) in rows}

    async def end_untold(self, generation_ids: Sequence[UUID], now: datetime) -> set[UUID]:
        """End the leases but keep the rows, so that the users are told; return those still there.

        `GenerationStore.end_abandoned` finds them.
        """
        rows = await self._uow.fetch(
            "UPDATE generations SET lease_until = $2 WHERE id = ANY ($1::uuid[]) RETURNING id",
            generation_ids,
            now,
        )
        return {generation_id for (generation_id,) in rows}

    async def answer(self, ends: Sequence[GenerationEnd], charges: Sequence[int]) -> list[Message]:
        """Store the answers, close their questions and return the answers."""
        rows = await self._uow.fetch(
            _ANSWER,
            [one.generation.conversation_id for one in ends],
            [one.generation.question_id for one in ends],
            [one.text for one in ends],
            [one.status for one in ends],
            [one.generation.prompt.model.id for one in ends],
            [one.model_version for one in ends],
            [one.usage.input_tokens for one in ends],
            [one.usage.output_tokens for one in ends],
            [one.usage.estimated for one in ends],
            charges,
            [one.at for one in ends],
            [one.question_tokens for one in ends],
            [one.generation.tell_context_cut for one in ends],
        )
        ids: dict[int, int] = dict(rows)
        return [
            Message(
                id=ids[one.generation.question_id],
                role=MessageRole.ASSISTANT,
                text=one.text,
                status=one.status,
                failure=None,
                cost=charge,
                created_at=one.at,
            )
            for one, charge in zip(ends, charges, strict=True)
        ]

    async def fail(self, ends: Sequence[GenerationEnd]) -> None:
        """Store why the questions, if they still wait for an answer, get none."""
        await self._uow.fetch(
            _FAIL, [one.generation.question_id for one in ends], [one.failure for one in ends]
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
