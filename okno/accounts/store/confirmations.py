"""Queries of confirmations. A decision is one conditional statement on the row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.accounts import dto
from okno.accounts.dto import ConfirmationKind, ConfirmationState, Device
from okno.accounts.models import Confirmation, User
from okno.kit.uow import NO_ORM, UnitOfWork


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The effect of a confirmation: a password of a Telegram account, or a joining.

    `user_id`: of the web account that is to be joined.
    """

    kind: ConfirmationKind
    telegram_id: int | None
    user_id: int | None
    password_hash: str | None


class ConfirmationStore:
    """Reads and writes the table `confirmations`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock_asking(self, whom: str) -> None:
        """Keep others from asking the same account meanwhile, which need not exist."""
        key = func.hashtextextended(f"confirmations of {whom}", 0)
        await self._uow.session.execute(select(func.pg_advisory_xact_lock(key)))

    async def unconfirmed_at(self, number: int, **of_whom: int) -> datetime | None:
        """Return the time of the `number`-th latest request without a confirmation.

        `of_whom`: a column and its value. 1 is the latest request.
        """
        statement = (
            select(Confirmation.created_at)
            .filter_by(**of_whom)
            .where(Confirmation.outcome.is_distinct_from(ConfirmationState.CONFIRMED))
            .order_by(Confirmation.created_at.desc())
            .offset(number - 1)
            .limit(1)
        )
        return await self._uow.session.scalar(statement)

    async def add(self, **values: UUID | str | int | bytes | datetime) -> None:
        await self._uow.session.execute(insert(Confirmation).values(**values))

    async def get(self, confirmation_id: UUID, now: datetime) -> dto.Confirmation | None:
        statement = _confirmations().where(Confirmation.id == confirmation_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_confirmation(row, now)

    async def claim_unshown(
        self, now: datetime, until: datetime, limit: int
    ) -> tuple[dto.Confirmation, ...]:
        """Claim requests that are to be shown to users of the bot, until the given time."""
        is_user = exists().where(User.telegram_id == Confirmation.telegram_id)
        unshown = (
            select(Confirmation.id)
            .where(
                Confirmation.kind == ConfirmationKind.PASSWORD,
                Confirmation.expires_at > now,
                Confirmation.shown_at.is_(None),
                Confirmation.outcome.is_(None),
                func.coalesce(Confirmation.claimed_until, now) <= now,
                is_user,
            )
            .order_by(Confirmation.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = (
            update(Confirmation)
            .where(Confirmation.id.in_(unshown.scalar_subquery()))
            .values(claimed_until=until)
            .returning(Confirmation.id)
        )
        ids = (await self._uow.session.scalars(claimed, execution_options=NO_ORM)).all()
        statement = _confirmations().where(Confirmation.id.in_(ids))
        rows = await self._uow.session.execute(statement.order_by(Confirmation.created_at))
        return tuple(_to_confirmation(row, now) for row in rows)

    async def set_shown(self, confirmation_id: UUID, now: datetime) -> None:
        await self._uow.session.execute(
            update(Confirmation).where(Confirmation.id == confirmation_id).values(shown_at=now),
            execution_options=NO_ORM,
        )

    async def open(self, code_hash: bytes, telegram_id: int, now: datetime) -> UUID | None:
        """Give the request to the first account that opens the link.

        None: another account was first, or there is no such link.
        """
        statement = (
            update(Confirmation)
            .where(
                Confirmation.code_hash == code_hash,
                func.coalesce(Confirmation.telegram_id, telegram_id) == telegram_id,
            )
            .values(telegram_id=telegram_id, shown_at=func.coalesce(Confirmation.shown_at, now))
            .returning(Confirmation.id)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM)

    async def asked_for(self, confirmation_id: UUID) -> AskedFor | None:
        statement = select(
            Confirmation.kind,
            Confirmation.telegram_id,
            Confirmation.user_id,
            Confirmation.password_hash,
        ).where(Confirmation.id == confirmation_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else AskedFor(ConfirmationKind(row.kind), *row[1:])

    async def decide(
        self, confirmation_id: UUID, outcome: ConfirmationState, now: datetime
    ) -> bool:
        """Store the decision; False: it was decided before, or has expired."""
        statement = (
            update(Confirmation)
            .where(
                Confirmation.id == confirmation_id,
                Confirmation.outcome.is_(None),
                Confirmation.expires_at > now,
            )
            .values(outcome=outcome, decided_at=now, password_hash=None)
            .returning(Confirmation.id)
        )
        decided = await self._uow.session.scalar(statement, execution_options=NO_ORM)
        return decided is not None

    async def delete_over(self, before: datetime, limit: int) -> int:
        """Delete those that expired before; return their number."""
        over = select(Confirmation.id).where(Confirmation.expires_at < before).limit(limit)
        statement = (
            delete(Confirmation)
            .where(Confirmation.id.in_(over.scalar_subquery()))
            .returning(Confirmation.id)
        )
        return len((await self._uow.session.scalars(statement, execution_options=NO_ORM)).all())


def _confirmations() -> Select[*tuple[Any, ...]]:
    return select(
        Confirmation.id,
        Confirmation.kind,
        Confirmation.outcome,
        Confirmation.number,
        Confirmation.address,
        Confirmation.device,
        Confirmation.telegram_id,
        User.login,
        Confirmation.created_at,
        Confirmation.expires_at,
    ).outerjoin(User, User.id == Confirmation.user_id)


def _to_confirmation(row: Row[*tuple[Any, ...]], now: datetime) -> dto.Confirmation:
    if row.outcome is not None:
        state = ConfirmationState(row.outcome)
    elif row.expires_at > now:
        state = ConfirmationState.PENDING
    else:
        state = ConfirmationState.EXPIRED
    return dto.Confirmation(
        id=row.id,
        kind=ConfirmationKind(row.kind),
        state=state,
        number=row.number,
        device=Device(row.address, row.device),
        telegram_id=row.telegram_id,
        login=row.login,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
