"""The audit log of requests: a record before the work of the request, its status afterwards."""

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

_RECORDED_FIELDS: Final = frozenset(
    {"amount", "externalId", "limit", "name", "packageId", "page", "scopes", "size"}
)
"""Parameters and fields of bodies that are recorded: no texts, no secrets."""
_MONEY = "amount"
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_MAX_LENGTH = 128
"""Characters of a text, or items of a list, that are recorded."""


class Audit:
    """Writes the records of requests; one per process."""

    def __init__(self, service: AuditService) -> None:
        self._service = service

    async def begin(self, request: Request, principal: Principal, *, is_admins: bool) -> None:
        """Record the request of an administrator or a service before it is carried out.

        `is_admins`: the route is for administrators only. Other requests of an administrator are
        recorded if they concern another user or move units. Raises `TemporarilyUnavailable`; the
        request must be refused then.
        """
        actor = principal.actor
        if actor.role is Role.USER:
            return
        given = await _parameters(request)
        if actor.role is Role.ADMIN and not is_admins and _is_private(actor, given):
            return
        info = request_info_of(request)
        recorded = {name: value for name, value in given.items() if name in _RECORDED_FIELDS}
        record = AuditRecord(
            actor=actor,
            action=to_camel(request.scope["route"].name),
            target_id=_target(given),
            address=info.address,
            request_id=info.request_id,
            details=_storable({**request.path_params, **recorded}),
        )
        info.audit_id = await self._service.record(record)

    async def finish(self, audit_id: UUID, status: int) -> None:
        """Add the status of the answer to the record."""
        await self._service.finish(audit_id, status)


async def _parameters(request: Request) -> dict[str, Any]:
    """Return the parameters of path, query and body; for equal names the path wins."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # no body or no JSON: the route reports it
        body = None
    fields = body if isinstance(body, dict) else {}
    return {**fields, **request.query_params, **request.path_params}


def _storable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Shorten values that are not validated yet."""
    return {name: _cut(value) for name, value in given.items()}


def _cut(value: object) -> object:
    if isinstance(value, str):
        return value[:_MAX_LENGTH]
    if isinstance(value, list):
        return [one[:_MAX_LENGTH] for one in value[:_MAX_LENGTH] if isinstance(one, str)]
    return value if value is None or isinstance(value, int | float) else type(value).__name__


def _is_private(actor: Actor, given: Mapping[str, Any]) -> bool:
    return _target(given) in (None, actor.user_id) and _MONEY not in given


def _target(given: Mapping[str, Any]) -> int | None:
    user_id = given.get("userId")
    if not isinstance(user_id, str) or not _ID.fullmatch(user_id):
        return None
    return int(user_id)
