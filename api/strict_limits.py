"""Stricter rate limits, for routes without a signed-in caller: sign-in, registration and others.

A route names them: `@router.post("/login", dependencies=[limited("sign-in", by="username")])`.
"""

from typing import Any, Literal

from fastapi import Depends
from starlette.requests import Request

from api.limits import Limiter, hashed
from api.proxies import network_of
from api.request_info import request_info_of
from api.services import service_in

StrictLimit = Literal["sign-in", "register", "refresh", "confirmation"]


class _Limited:
    """Counts by address, and by a field of the body that names an account.

    Raises `TooManyRequests`, and `TemporarilyUnavailable` while Redis is away: attempts that can't
    be counted would have no limit.
    """

    def __init__(self, name: StrictLimit, by: str | None) -> None:
        self._name = name
        self._by = by

    async def __call__(self, request: Request) -> None:
        info, limiter = request_info_of(request), await service_in(request.scope, Limiter)
        bucket = limiter.strict[self._name]
        await limiter.count(info, bucket, f"address:{network_of(info.address)}")
        if self._by is not None and (who := await _field(request, self._by)):
            await limiter.count(info, bucket, f"{self._by}:{hashed(who)}")


def limited(name: StrictLimit, *, by: str | None = None) -> Any:  # noqa: ANN401 - as `Depends` has it
    """Limit a route by address, and by the field `by` of its body."""
    return Depends(_Limited(name, by))


async def _field(request: Request, name: str) -> str | None:
    try:
        body = await request.json()  # FastAPI has read it, Starlette keeps it
    except ValueError:  # there is no JSON: the route reports it
        return None
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else None
