"""Queries of services, their keys, and the users that they have made."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.accounts import dto, models
from okno.accounts.dto import Language
from okno.kit.actor import Scope
from okno.kit.uow import NO_ORM, UnitOfWork


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A valid public key with its service."""

    id: str
    public_key: str
    service_id: int
    service: str
    scopes: frozenset[Scope]


class ServiceStore:
    """Reads and writes the tables `services` and `service_keys`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, name: str, scopes: Iterable[Scope], now: datetime) -> int | None:
        """Add a service and return its id; None: the name is taken."""
        statement = (
            insert(models.Service)
            .values(name=name, scopes=sorted(scopes), created_at=now)
            .on_conflict_do_nothing(index_elements=[models.Service.name])
            .returning(models.Service.id)
        )
        return await self._uow.session.scalar(statement)

    async def lock(self, service_id: int) -> bool:
        """Keep others from changing its keys; False: there is no such service."""
        statement = (
            select(models.Service.id).where(models.Service.id == service_id).with_for_update()
        )
        return await self._uow.session.scalar(statement) is not None

    async def add_key(self, service_id: int, key_id: str, public_key: str, now: datetime) -> bool:
        """Add a key; False: a service has it, or had it."""
        statement = (
            insert(models.ServiceKey)
            .values(id=key_id, service_id=service_id, public_key=public_key, created_at=now)
            .on_conflict_do_nothing()
            .returning(models.ServiceKey.id)
        )
        return await self._uow.session.scalar(statement) is not None

    async def count_keys(self, service_id: int) -> int:
        """Count the valid keys."""
        statement = select(func.count()).where(
            models.ServiceKey.service_id == service_id, models.ServiceKey.revoked_at.is_(None)
        )
        return await self._uow.session.scalar(statement) or 0

    async def revoke_key(self, service_id: int, key_id: str, now: datetime) -> bool:
        """Revoke a key; False: the service has no such valid key."""
        statement = (
            update(models.ServiceKey)
            .where(
                models.ServiceKey.id == key_id,
                models.ServiceKey.service_id == service_id,
                models.ServiceKey.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(models.ServiceKey.id)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM) is not None

    async def find_key(self, key_id: str) -> KnownKey | None:
        """Find a valid key."""
        statement = (
            select(
                models.ServiceKey.id,
                models.ServiceKey.public_key,
                models.Service.id,
                models.Service.name,
                models.Service.scopes,
            )
            .join(models.Service, models.Service.id == models.ServiceKey.service_id)
            .where(models.ServiceKey.id == key_id, models.ServiceKey.revoked_at.is_(None))
        )
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else KnownKey(*row[:4], _scopes(row[4]))

    async def all(self) -> tuple[dto.Service, ...]:
        """Return all services by name, with their valid keys."""
        return await self._read()

    async def get(self, service_id: int) -> dto.Service | None:
        return next(iter(await self._read(models.Service.id == service_id)), None)

    async def find(self, name: str) -> dto.Service | None:
        return next(iter(await self._read(models.Service.name == name)), None)

    async def _read(self, *only: Any) -> tuple[dto.Service, ...]:  # noqa: ANN401 - SQL
        statement = select(models.Service).where(*only).order_by(models.Service.name)
        services = (await self._uow.session.scalars(statement)).all()
        keys = await self._keys([service.id for service in services])
        return tuple(
            dto.Service(service.id, service.name, _scopes(service.scopes), tuple(keys[service.id]))
            for service in services
        )

    async def _keys(self, service_ids: Iterable[int]) -> dict[int, list[dto.ServiceKey]]:
        statement = (
            select(models.ServiceKey)
            .where(
                models.ServiceKey.service_id.in_(service_ids),
                models.ServiceKey.revoked_at.is_(None),
            )
            .order_by(models.ServiceKey.created_at, models.ServiceKey.id)
        )
        keys = defaultdict(list)
        for key in await self._uow.session.scalars(statement):
            keys[key.service_id].append(dto.ServiceKey(key.id, key.created_at))
        return keys


class ServiceUserStore:
    """Reads and writes the `users` that services have made."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def find(self, service_id: int, external_id: str) -> int | None:
        statement = select(models.User.id).where(
            models.User.service_id == service_id, models.User.external_id == external_id
        )
        return await self._uow.session.scalar(statement)

    async def add(
        self, service_id: int, external_id: str, name: str, language: Language, now: datetime
    ) -> int:
        """Make a user and return the id; for a user who was made meanwhile, return that id."""
        new = insert(models.User).values(
            service_id=service_id,
            external_id=external_id,
            first_name=name,
            language=language,
            registered_at=now,
            last_seen_at=now,
        )
        statement = new.on_conflict_do_update(
            index_elements=[models.User.service_id, models.User.external_id],
            set_={"external_id": new.excluded.external_id},
        ).returning(models.User.id)
        return (await self._uow.session.execute(statement)).scalar_one()


def _scopes(stored: Iterable[str]) -> frozenset[Scope]:
    return frozenset(map(Scope, stored))
