"""Queries of the ledger. A balance changes only in the statement that writes the entry."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, String, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from okno.billing import models
from okno.billing.dto import EntryKind, LedgerEntry
from okno.kit.page import AnyRow, Page, read_page
from okno.kit.uow import NO_ORM, UnitOfWork

_NOTE_LENGTH = 255
_COLUMNS = (
    models.LedgerEntry.id,
    models.LedgerEntry.amount,
    models.LedgerEntry.kind,
    models.LedgerEntry.balance_after,
    models.LedgerEntry.created_at,
    models.LedgerEntry.note,
)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A new entry; an entry with the same `key` is written only once."""

    user_id: int
    amount: int
    kind: EntryKind
    key: str
    note: str | None = None
    created_by: int | None = None


class LedgerStore:
    """Reads and appends to the table `ledger_entries`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def book(self, entry: NewEntry, now: datetime) -> int | None:
        """Write the entry and change the balance, in one statement; return the new balance.

        None, and nothing is changed: the key is known, or the balance would no longer cover what is
        held. The caller has locked the balance.
        """
        written = _append(entry, now).cte("written")
        statement = (
            update(models.Balance)
            .where(models.Balance.user_id == written.c.user_id)
            .values(balance=models.Balance.balance + written.c.amount)
            .returning(models.Balance.balance)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM)

    async def find(self, key: str) -> LedgerEntry | None:
        statement = select(*_COLUMNS).where(models.LedgerEntry.key == key)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_entry(row)

    async def page(self, user_id: int, number: int, size: int) -> Page[LedgerEntry]:
        """Read a page of the user's entries, the newest first."""
        owners = await self._owners(user_id)
        statement = (
            select(*_COLUMNS)
            .where(models.LedgerEntry.user_id.in_(owners))
            .order_by(models.LedgerEntry.id.desc())
        )
        page = await read_page(self._uow, statement, number=number, size=size)
        return page.map(_to_entry)

    async def _owners(self, user_id: int) -> list[int]:
        """Return the user and the husks whose ledger the user shows; nearly always there are none.

        This is a query of its own, so that the index gives the entries of a single owner in order.
        """
        statement = select(models.Balance.user_id).where(models.Balance.merged_into == user_id)
        return [user_id, *await self._uow.session.scalars(statement)]


def _append(entry: NewEntry, now: datetime) -> ReturningInsert[int, int]:
    """Insert the entry if the balance allows it; `balance_after` is computed from the row."""
    after = models.Balance.balance + literal(entry.amount, BigInteger)
    note = None if entry.note is None else entry.note[:_NOTE_LENGTH]
    values = select(
        models.Balance.user_id,
        literal(entry.amount, BigInteger),
        literal(entry.kind, String),
        literal(entry.key, String),
        after,
        literal(note, String),
        literal(now, DateTime(timezone=True)),
        literal(entry.created_by, BigInteger),
    ).where(models.Balance.user_id == entry.user_id, after >= models.Balance.held)
    columns = (
        "user_id",
        "amount",
        "kind",
        "key",
        "balance_after",
        "note",
        "created_at",
        "created_by",
    )
    return (
        insert(models.LedgerEntry)
        .from_select(columns, values)
        .on_conflict_do_nothing(index_elements=[models.LedgerEntry.key])
        .returning(models.LedgerEntry.user_id, models.LedgerEntry.amount)
    )


def _to_entry(row: AnyRow) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        amount=row.amount,
        kind=EntryKind(row.kind),
        balance_after=row.balance_after,
        created_at=row.created_at,
        note=row.note,
    )
