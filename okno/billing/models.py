"""The tables of money. `balances` is the sum of `ledger_entries`, kept in step with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from okno.kit.db import Base


class Balance(Base):
    """The balance of a user; made with the first grant.

    `merged_into`: the user who has it since the accounts were joined, and who sees its entries.
    """

    __tablename__ = "balances"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance"),
        CheckConstraint("held >= 0 AND held <= balance", name="held"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    balance: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(BigInteger, server_default="0")
    used_total: Mapped[int] = mapped_column(BigInteger, server_default="0")
    merged_into: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )


class Budget(Base):
    """The budget of one API key, and the part of it that is used."""

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("used >= 0 AND held >= 0 AND used + held <= amount", name="spent"),
    )

    api_key_id: Mapped[int] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True
    )
    amount: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int] = mapped_column(BigInteger, server_default="0")
    held: Mapped[int] = mapped_column(BigInteger, server_default="0")


class Hold(Base):
    """An open hold; its row is deleted when it is settled, released or expired.

    A request that costs nothing has a hold, too, so that it ends like any other. `api_key_id`: the
    key whose budget is held as well.
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_holds_api_key_id", "api_key_id", postgresql_where=text("api_key_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    purpose: Mapped[str] = mapped_column(String(128))
    api_key_id: Mapped[int | None] = mapped_column(
        ForeignKey("budgets.api_key_id", ondelete="SET NULL")
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class LedgerEntry(Base):
    """One change of a balance: never updated, never deleted but with its user (by a trigger)."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("kind IN ('grant', 'topup', 'usage', 'adjustment', 'refund')", name="kind"),
        CheckConstraint("amount <> 0 OR kind = 'adjustment'", name="amount"),
        Index("ix_ledger_entries_user_id_id", "user_id", "id"),
        # Few entries have one; without the index every deletion of a user reads the whole ledger.
        Index(
            "ix_ledger_entries_created_by",
            "created_by",
            postgresql_where=text("created_by IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    amount: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(320), unique=True)
    balance_after: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Payment(Base):
    """A payment in Telegram Stars; it outlives its user, since it may have to be refunded.

    `tokens`: what the invoice promised, 0 when the invoice is not one of ours. `credited_at`: when
    the user got them. `shortfall`: units that were spent already when the payment was taken back.
    `paid_at` is the time of the refund when the refund came before the payment.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("state IN ('paid', 'unclaimed', 'refunding', 'refunded')", name="state"),
        CheckConstraint("stars > 0", name="stars"),
        CheckConstraint("tokens >= 0", name="tokens"),
        CheckConstraint("shortfall BETWEEN 0 AND tokens", name="shortfall"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    charge_id: Mapped[str] = mapped_column(String(255), unique=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str] = mapped_column(String(128))
    stars: Mapped[int] = mapped_column(Integer)
    tokens: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16), index=True)
    shortfall: Mapped[int] = mapped_column(BigInteger, server_default="0")
    refund_attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    paid_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    credited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refunded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class WelcomeGrant(Base):
    """The persons who had the welcome grant, so that leaving and coming back does not repeat it.

    `identity` is a digest: it outlives the user, and tells only that somebody was here.
    """

    __tablename__ = "welcome_grants"

    identity: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReconciliationProgress(Base):
    """The number of Telegram's transactions that were compared, and the last one: a single row."""

    __tablename__ = "reconciliation_progress"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seen: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[str] = mapped_column(String(255))
