"""Bodies of the balance, its statement and topping up. Amounts are billing units."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from api.schemas.base import Schema
from api.schemas.fields import Id, PositiveUnits, Units
from okno.accounts.dto import Language
from okno.billing.dto import Balance, EntryKind, LedgerEntry, Package

PackageId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]


class Billing(Schema):
    """Published: what was spent on answers so far, and what is there, held units included."""

    total_tokens: Units
    current_balance: Units

    @classmethod
    def of(cls, balance: Balance) -> "Billing":
        return cls(total_tokens=balance.used_total, current_balance=balance.balance)


class TopUp(Schema):
    """The user, and the number of units to add to the balance."""

    user_id: Id
    amount: PositiveUnits


class ToppedUp(Schema):
    """Published: the balance after it."""

    success: bool = True
    current_balance: Units


class Entry(Schema):
    """One change of the balance; `note` says what for."""

    id: Id
    amount: Annotated[int, Field(examples=[-140])]
    kind: EntryKind
    balance_after: Units
    note: str | None
    created_at: datetime

    @classmethod
    def of(cls, entry: LedgerEntry) -> "Entry":
        return cls(
            id=str(entry.id),
            amount=entry.amount,
            kind=entry.kind,
            balance_after=entry.balance_after,
            note=entry.note,
            created_at=entry.created_at,
        )


class Statement(Schema):
    """The changes of the balance, the newest first."""

    entries: list[Entry]


class PackageLine(Schema):
    """A package that is sold for Telegram Stars."""

    id: Annotated[PackageId, Field(examples=["small"])]
    name: str
    stars: Annotated[int, Field(examples=[50])]
    tokens: Units

    @classmethod
    def of(cls, package: Package, language: Language) -> "PackageLine":
        return cls(
            id=package.id,
            name=package.names[language],
            stars=package.stars,
            tokens=package.tokens,
        )


class Packages(Schema):
    """All packages, as the bot offers them."""

    packages: list[PackageLine]


class WantedInvoice(Schema):
    """Which package; the units come to whoever pays."""

    package_id: Annotated[PackageId, Field(examples=["small"])]


class InvoiceLink(Schema):
    """`link` opens the payment in Telegram."""

    link: Annotated[str, Field(examples=["https://t.me/$Zk3p9uWqB7"])]
    stars: Annotated[int, Field(examples=[50])]
    tokens: Units
