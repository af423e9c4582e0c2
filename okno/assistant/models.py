"""The tables of conversations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from okno.kit.db import Base


class Conversation(Base):
    """A dialogue of one user with a model.

    `context_from`: messages up to this id are history only, since the context was reset after it.
    `context_cut`: the oldest messages do not fit any more, and the user was told so.
    `given`: what a client has put in the place of everything up to `context_from`, a list of
    {"role", "text"}.
    """

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_user_id_updated_at", "user_id", "updated_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(120))
    model: Mapped[str] = mapped_column(String(64))
    persona: Mapped[str] = mapped_column(String(64))
    context_from: Mapped[int] = mapped_column(BigInteger, server_default="0")
    context_cut: Mapped[bool] = mapped_column(Boolean, server_default="false")
    given: Mapped[list[dict[str, str]] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Message(Base):
    """A question or an answer, which has the `question_id` that it answers: one at the most.

    A question is `pending` until its answer is stored, and `failed` when there is none; `failure`
    is the code of the error then. An answer is `done`, `truncated` at its limit, or `stopped`.
    `input_tokens` of an answer are those of its whole prompt; of a question, what it added to the
    prompt, where that is known.
    PostgreSQL's Russian configuration stems Latin words as English, so it serves both languages.
    A text vector is limited to a megabyte, so only the beginning of a huge text is searched.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'assistant')", name="role"),
        CheckConstraint(
            "status IN ('pending', 'done', 'truncated', 'stopped', 'failed')", name="status"
        ),
        CheckConstraint("(role = 'assistant') = (question_id IS NOT NULL)", name="question"),
        Index("ix_messages_conversation_id_id", "conversation_id", "id"),
        Index("ix_messages_search", "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    question_id: Mapped[int | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), unique=True
    )
    role: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    failure: Mapped[str | None] = mapped_column(String(64))
    model: Mapped[str | None] = mapped_column(String(64))
    model_version: Mapped[str | None] = mapped_column(String(255))
    input_tokens: Mapped[int | None] = mapped_column(Integer)
    output_tokens: Mapped[int | None] = mapped_column(Integer)
    estimated: Mapped[bool] = mapped_column(Boolean, server_default="false")
    cost: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed("to_tsvector('russian'::regconfig, left(text, 100000))", persisted=True),
        deferred=True,
    )


class Generation(Base):
    """A running answer: one per user. Its process renews the lease; without it, it has died.

    A row whose lease is over also says that the user has not been told of the end.
    `origin`: the surface where it was asked, which has to tell the user.
    """

    __tablename__ = "generations"
    __table_args__ = (CheckConstraint("origin IN ('telegram', 'http')", name="origin"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    hold_id: Mapped[UUID] = mapped_column(Uuid)
    origin: Mapped[str] = mapped_column(String(16), server_default="telegram")
    is_stopping: Mapped[bool] = mapped_column(Boolean, server_default="false")
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lease_until: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class Preference(Base):
    """The choices of a user: the current conversation, and model and persona for new ones.

    `revision` grows with every change of the current conversation and with every question: while
    it is the same, nothing has changed.
    """

    __tablename__ = "preferences"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    model: Mapped[str | None] = mapped_column(String(64))
    persona: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(BigInteger, server_default="0")


class AskedOnce(Base):
    """A question that came with an idempotency key: a repeat gives the answer of the first time.

    `fingerprint`: of all that was asked; `context`: the context window after the answer, a list of
    {"role", "text"}.
    """

    __tablename__ = "asked_once"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    question_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    context: Mapped[list[dict[str, str]] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
