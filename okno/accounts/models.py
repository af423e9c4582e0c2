"""The table of users."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from okno.kit.db import Base


class User(Base):
    """One account, whichever identities it has."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("language IN ('en', 'ru')", name="language"),
        CheckConstraint("role IN ('user', 'admin')", name="role"),
        CheckConstraint("telegram_id IS NOT NULL OR login IS NOT NULL", name="identity"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    login: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    username: Mapped[str | None] = mapped_column(String(64))
    first_name: Mapped[str] = mapped_column(String(128))
    last_name: Mapped[str | None] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(16), server_default="user")
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    onboarded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    unreachable_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
