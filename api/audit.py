"""What administrators and services do is written down before it is done; how it ended, after."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic.alias_generators import to_camel
from starlette.requests import Request

from api.request_info import request_info_of
from okno.accounts.dto import AuditRecord, Principal
from okno.accounts.service import AuditService
from okno.kit.actor import Actor, Role

_TOLD: Final = frozenset(
    {"amount", "externalId", "limit", "name", "packageId", "page", "scopes", "size"}
)
"""Parameters and fields that are written down: no texts, no secrets."""
_MONEY = "amount"
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_LONGEST = 128
"""Characters, or items, of one value that are written down."""


class Audit:
    """Makes the records of requests; one per process."""

    def __init__(self, service: AuditService) -> None:
        self._service = service

    async def begin(self, request: Request, principal: Principal, *, is_admins: bool) -> None:
        """Write down what is about to be done; `is_admins`: by a route that is for admins alone.

        What people do for themselves is their own affair, whatever their role, unless it moves
        units. Raises `TemporarilyUnavailable`: then it is not done.
        """
        actor = principal.actor
        if actor.role is Role.USER:
            return
        given = await _given(request)
        if actor.role is Role.ADMIN and not is_admins and _is_private(actor, given):
            return
        info = request_info_of(request)
        told = {name: value for name, value in given.items() if name in _TOLD}
        record = AuditRecord(
            actor=actor,
            action=to_camel(request.scope["route"].name),
            target_id=_target(given),
            address=info.address,
            request_id=info.request_id,
            details=_storable({**request.path_params, **told}),
        )
        info.audit_id = await self._service.record(record)

    async def finish(self, audit_id: UUID, status: int) -> None:
        """Write down how it ended."""
        await self._service.finish(audit_id, status)


async def _given(request: Request) -> dict[str, Any]:
    """Collect the parameters, wherever they stand; those of the path win."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # none, or broken: the route says so
        body = None
    fields = body if isinstance(body, dict) else {}
    return {**fields, **request.query_params, **request.path_params}


def _storable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a record has room for: nobody has checked yet what this is."""
    return {name: _cut(value) for name, value in given.items()}


def _cut(value: object) -> object:
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, list):
        return [one[:_LONGEST] for one in value[:_LONGEST] if isinstance(one, str)]
    return value if value is None or isinstance(value, int | float) else type(value).__name__


def _is_private(actor: Actor, given: Mapping[str, Any]) -> bool:
    return _target(given) in (None, actor.user_id) and _MONEY not in given


def _target(given: Mapping[str, Any]) -> int | None:
    user_id = given.get("userId")
    if not isinstance(user_id, str) or not _ID.fullmatch(user_id):
        return None
    return int(user_id)
