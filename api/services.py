"""Services for middlewares and dependencies, into which dishka does not inject.

Routes name their services as parameters: `billing: FromDishka[BillingService]`.
"""

from typing import Any, Final, TypeVar

from dishka import AsyncContainer
from starlette.types import Scope

T = TypeVar("T")

_CONTAINER: Final = "dishka_container"
"""The key of the container in the state of a request; `DishkaRoute` reads it."""


def shared_state(container: AsyncContainer) -> dict[str, Any]:
    """Return the state that all requests of an application share."""
    return {_CONTAINER: container}


async def service_in(scope: Scope, kind: type[T]) -> T:
    """Return the service of this class; it is the same one for every request."""
    container: AsyncContainer = scope["state"][_CONTAINER]
    return await container.get(kind)
