"""The port of capabilities that keep data of users."""

from collections.abc import Mapping
from typing import Any, Protocol

from okno.kit.actor import Actor


class PersonalData(Protocol):
    """The data of users in one capability. Accounts ask all, in the order of the capabilities."""

    async def move(self, source: int, target: int) -> None:
        """Give all that user `source` has to user `target`, within the open transaction.

        Both users are locked. Raises an `OknoError` when it can't be done at this moment.
        """
        ...

    async def forget(self, user_id: int) -> None:
        """Forget what the foreign keys of the tables do not, within the transaction of a deletion.

        PostgreSQL deletes the rows that belong to the user; caches are dropped here.
        """
        ...

    async def export(self, actor: Actor) -> Mapping[str, Any]:
        """Return all that is stored about the acting user, by the names of the exported file.

        Values are what JSON knows, dates, ids and enums.
        """
        ...
