"""What every request needs, made once per process: to look it up each time would cost more."""

from dataclasses import dataclass

from dishka import AsyncContainer
from starlette.types import Scope

from api.activity import Activity
from api.askers import Askers
from api.audit import Audit
from api.limits import Limiter
from api.streaming import Streams
from okno.accounts.service import AuthenticationService


@dataclass(frozen=True, slots=True)
class Parts:
    """Kept by the application for its dependencies and middlewares."""

    authentication: AuthenticationService
    limiter: Limiter
    audit: Audit
    activity: Activity
    askers: Askers
    streams: Streams


async def make_parts(container: AsyncContainer) -> Parts:
    return Parts(
        await container.get(AuthenticationService),
        await container.get(Limiter),
        await container.get(Audit),
        await container.get(Activity),
        await container.get(Askers),
        await container.get(Streams),
    )


def parts_of(scope: Scope) -> Parts:
    """Return those of the application that handles this request."""
    parts: Parts = scope["app"].state.parts
    return parts
