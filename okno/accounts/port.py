"""What accounts need of the capabilities that stand upon them."""

from typing import Protocol

from okno.kit.actor import Actor


class Belongings(Protocol):
    """What a capability keeps for its users, when two accounts become one."""

    async def move(self, source: int, target: int) -> None:
        """Give all that user `source` has to user `target`, within the open transaction.

        Both users are locked. Raises an `OknoError` when it can't be done at this moment.
        """
        ...


class Budgets(Protocol):
    """What may be spent with an API key."""

    async def set_budget(self, actor: Actor, api_key_id: int, amount: int | None) -> None:
        """Limit it to so many billing units, within the open transaction; None: no limit.

        Only the system may. Raises an `OknoError` when the amount is none.
        """
        ...
