"""The health of the API."""

from typing import Annotated, Literal

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from api.health import PublicHealth
from api.schemas.base import Schema

router = APIRouter(tags=["system"], route_class=DishkaRoute)


class DependencyHealth(Schema):
    """The health of a server that Okno needs, and the time of its answer."""

    name: Annotated[str, Field(examples=["postgres"])]
    ok: bool
    latency_ms: Annotated[float, Field(examples=[1.2])]


class SystemHealth(Schema):
    """`ok` when everything answers."""

    status: Literal["ok", "unavailable"]
    checks: list[DependencyHealth]


@router.get(
    "/health",
    summary="See whether all is well",
    responses={503: {"model": SystemHealth, "description": "Not ready."}},
)
async def show_health(response: Response, health: FromDishka[PublicHealth]) -> SystemHealth:
    """Tell whether PostgreSQL and Redis answer: 503 when one of them does not."""
    checks = [
        DependencyHealth(name=check.name, ok=check.ok, latency_ms=check.latency_ms)
        for check in await health.check()
    ]
    is_well = all(check.ok for check in checks)
    response.status_code = 200 if is_well else 503
    return SystemHealth(status="ok" if is_well else "unavailable", checks=checks)
