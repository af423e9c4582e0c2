"""What accounts need of the capabilities that stand upon them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from okno.kit.actor import Actor


class Budget(Protocol):
    """A dataclass of what may be spent with one API key."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class Budgets(Protocol):
    """What may be spent with an API key."""

    async def set_budget(self, actor: Actor, api_key_id: int, amount: int | None) -> None:
        """Limit it to so many billing units, within the open transaction; None: no limit.

        Only the system may. Raises an `OknoError` when the amount is none.
        """
        ...

    async def budgets(self, actor: Actor, api_key_ids: Sequence[int]) -> Mapping[int, Budget]:
        """Return the budgets of the acting user's own keys, as far as they have one."""
        ...
