"""Queries of the persons who had the welcome grant."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.dialects.postgresql import insert

from okno.billing.models import WelcomeGrant
from okno.kit.uow import UnitOfWork


class WelcomeStore:
    """Reads and writes the table `welcome_grants`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def claim(self, identity: str, now: datetime) -> bool:
        """Note that this person has the grant; False: that was noted before."""
        statement = (
            insert(WelcomeGrant)
            .values(identity=sha256(identity.encode()).digest(), granted_at=now)
            .on_conflict_do_nothing()
            .returning(WelcomeGrant.granted_at)
        )
        return await self._uow.session.scalar(statement) is not None
