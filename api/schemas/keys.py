"""Bodies of API keys."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.fields import Id, PositiveUnits, Units
from okno.accounts.dto import ApiKey, NewApiKey
from okno.billing.dto import Budget

Name = Annotated[str, Field(min_length=1, max_length=64, examples=["my notebook"])]


class WantedKey(Schema):
    """`limit`: the units that may be spent with it in all; none: as much as the balance has."""

    name: Name
    limit: PositiveUnits | None = None


class KeyLine(Schema):
    """An API key by its beginning, the `hint`; `spent` is counted where it has a limit."""

    id: Id
    name: Name
    hint: Annotated[str, Field(examples=["okno_Zk3p9u"])]
    limit: Units | None
    spent: Units | None
    created_at: datetime
    used_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey, budget: Budget | None) -> "KeyLine":
        return cls(
            id=str(key.id),
            name=key.name,
            hint=key.hint,
            limit=None if budget is None else budget.amount,
            spent=None if budget is None else budget.used,
            created_at=key.created_at,
            used_at=key.used_at,
        )


class Keys(Schema):
    """One's keys that are good."""

    keys: list[KeyLine]


class NewKey(Schema):
    """A key that was just made; `key` is its secret and is never shown again."""

    id: Id
    name: Name
    hint: Annotated[str, Field(examples=["okno_Zk3p9u"])]
    key: Annotated[str, Field(examples=["okno_Zk3p9uWqB7…"])]
    limit: Units | None
    created_at: datetime

    @classmethod
    def of(cls, made: NewApiKey, limit: int | None) -> "NewKey":
        return cls(
            id=str(made.key.id),
            name=made.key.name,
            hint=made.key.hint,
            key=made.secret,
            limit=limit,
            created_at=made.key.created_at,
        )
