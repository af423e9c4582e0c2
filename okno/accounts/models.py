"""The tables of users, of their identities, and of actions in the name of others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from okno.kit.db import Base


class User(Base):
    """One account, whichever identities it has.

    `service_id`, `external_id`: of a user made by a service, with the service's id for the user.
    `merged_into`: the account that this one was joined to; it has no identity of its own then, and
    nothing but its ledger.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("language IN ('en', 'ru')", name="language"),
        CheckConstraint("role IN ('user', 'admin')", name="role"),
        CheckConstraint(
            "num_nonnulls(telegram_id, login, service_id, merged_into) > 0", name="identity"
        ),
        CheckConstraint("(service_id IS NULL) = (external_id IS NULL)", name="external"),
        UniqueConstraint("service_id", "external_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    login: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    external_id: Mapped[str | None] = mapped_column(String(128))
    merged_into: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    username: Mapped[str | None] = mapped_column(String(64))
    first_name: Mapped[str] = mapped_column(String(128))
    last_name: Mapped[str | None] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(16), server_default="user")
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    onboarded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    unreachable_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Session(Base):
    """A session: a family of refresh tokens, of which one is valid at a time."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RefreshToken(Base):
    """The SHA-256 of a refresh token; a second use of it ends the session."""

    __tablename__ = "refresh_tokens"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class JwtKey(Base):
    """The name of a signing key; the key is derived from it and `JWT_SECRET`, and not stored.

    `retires_at`: the time until which its tokens are valid; None for the newest key.
    """

    __tablename__ = "jwt_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    retires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ApiKey(Base):
    """The SHA-256 of an API key; `hint` is its beginning, by which its owner knows it.

    `is_limited`: billing has a budget for it.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    hint: Mapped[str] = mapped_column(String(16))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_limited: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Service(Base):
    """Another program, which acts for users that it has made."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ServiceKey(Base):
    """A service's Ed25519 public key (PEM); `id` is its RFC 7638 thumbprint, the `kid` of a JWT."""

    __tablename__ = "service_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    service_id: Mapped[int] = mapped_column(
        ForeignKey("services.id", ondelete="CASCADE"), index=True
    )
    public_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Confirmation(Base):
    """A request over HTTP that the owner of a Telegram account has to confirm.

    `password`: to sign in to the account of `telegram_id` with `password_hash` from then on.
    `joining`: to join the web account `user_id` with the account of the user who opens the link
    with the code. `claimed_until`: the time until which a process of the bot is about to show it.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint("kind IN ('password', 'joining')", name="kind"),
        CheckConstraint("outcome IN ('confirmed', 'refused')", name="outcome"),
        CheckConstraint("number BETWEEN 10 AND 99", name="number"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[str | None] = mapped_column(String(255))
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    shown_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None] = mapped_column(String(16))


class AuditEntry(Base):
    """An action of an admin or a service; it outlives all users that it names.

    The row is written before the action, `status` (of the HTTP answer) after it.
    """

    __tablename__ = "audit_log"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    role: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    service_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    action: Mapped[str] = mapped_column(String(64))
    target_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    address: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[int | None] = mapped_column(SmallInteger)
