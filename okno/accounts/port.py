"""Interfaces of other capabilities that accounts need."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from okno.kit.actor import Actor


class Budget(Protocol):
    """A dataclass with the budget of one API key."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class Budgets(Protocol):
    """The budgets of API keys."""

    async def set_budget(self, actor: Actor, api_key_id: int, amount: int | None) -> None:
        """Set the budget in billing units, within the open transaction; None: no limit.

        Only the system may. Raises an `OknoError` for an impossible amount.
        """
        ...

    async def budgets(self, actor: Actor, api_key_ids: Sequence[int]) -> Mapping[int, Budget]:
        """Return the budgets of those of the acting user's keys that have one."""
        ...
