"""Queries of questions that came with an idempotency key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.assistant.models import AskedOnce
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage, PromptRole


@dataclass(frozen=True, slots=True)
class Asked:
    """The question under a key; `context`: the context window after the answer, None before."""

    fingerprint: bytes
    question_id: int
    context: tuple[PromptMessage, ...] | None

    @property
    def is_answered(self) -> bool:
        return self.context is not None


class RepeatStore:
    """Reads and writes the table `asked_once`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def find(self, user_id: int, key: str) -> Asked | None:
        statement = select(AskedOnce.fingerprint, AskedOnce.question_id, AskedOnce.context).where(
            AskedOnce.user_id == user_id, AskedOnce.key == key
        )
        row = (await self._uow.session.execute(statement)).one_or_none()
        if row is None:
            return None
        fingerprint, question_id, context = row
        return Asked(fingerprint, question_id, None if context is None else from_json(context))

    async def put(
        self, user_id: int, key: str, fingerprint: bytes, question_id: int, now: datetime
    ) -> None:
        """Store the question of a key; one that was under it before has failed."""
        values = {
            "fingerprint": fingerprint,
            "question_id": question_id,
            "context": None,
            "created_at": now,
        }
        await self._uow.session.execute(
            insert(AskedOnce)
            .values(user_id=user_id, key=key, **values)
            .on_conflict_do_update(index_elements=[AskedOnce.user_id, AskedOnce.key], set_=values)
        )

    async def put_context(self, user_id: int, key: str, context: Sequence[PromptMessage]) -> None:
        await self._uow.session.execute(
            update(AskedOnce)
            .where(AskedOnce.user_id == user_id, AskedOnce.key == key)
            .values(context=to_json(context)),
            execution_options={"synchronize_session": False},
        )

    async def forget(self, before: datetime) -> int:
        """Delete keys that are older; return their number."""
        statement = (
            delete(AskedOnce).where(AskedOnce.created_at < before).returning(AskedOnce.user_id)
        )
        return len((await self._uow.session.execute(statement)).all())


def to_json(context: Sequence[PromptMessage]) -> list[dict[str, str]]:
    return [{"role": one.role.value, "text": one.text} for one in context]


def from_json(stored: Sequence[dict[str, str]]) -> tuple[PromptMessage, ...]:
    return tuple(PromptMessage(PromptRole(one["role"]), one["text"]) for one in stored)
