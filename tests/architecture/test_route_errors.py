"""Every route declares exactly the errors that the code behind it says that it raises."""

from typing import Any

import pytest
from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.openapi import published_document
from api.openapi_problems import usual_errors
from api.problems import problems
from api.routes import all_routers
from okno.accounts.errors import LoginTaken, UserNotFound
from okno.kit.errors import OknoError
from tests.support.route_errors import declared_codes, raised_codes

ROUTES = [
    route for router in all_routers() for route in router.routes if isinstance(route, APIRoute)
]


@pytest.fixture(scope="module")
def paths() -> Any:
    return published_document()["paths"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_declares_what_its_services_raise(route: APIRoute, paths: Any) -> None:
    operation = paths[route.path_format][min(route.methods or ()).lower()]
    usual = {error.code for error in usual_errors(operation)}
    assert declared_codes(route) - usual == raised_codes(route) - usual


class Lodgings:
    """A service as the others are."""

    async def rent(self) -> None:
        """Rent a room. Raises `UserNotFound`, and what `Lodgings.knock` raises."""

    async def knock(self) -> None:
        """Knock at a door.

        A closed door is no error. Raises `LoginTaken` when the room is taken.
        """


async def rent(lodgings: FromDishka[Lodgings]) -> None:
    await _rent(lodgings)


async def _rent(lodgings: Lodgings) -> None:
    await lodgings.rent()


async def refuse() -> None:
    raise UserNotFound


def made(endpoint: Any, *declared: type[OknoError]) -> APIRoute:
    router = APIRouter(route_class=DishkaRoute)
    router.get("/", responses=problems(*declared))(endpoint)
    (route,) = router.routes
    assert isinstance(route, APIRoute)
    return route


def test_what_services_and_helpers_raise_is_found() -> None:
    route = made(rent, UserNotFound)
    assert declared_codes(route) == {"user-not-found"}
    assert raised_codes(route) == {"user-not-found", "login-taken"}


def test_what_a_route_raises_itself_is_found() -> None:
    route = made(refuse, UserNotFound, LoginTaken)
    assert declared_codes(route) == {"user-not-found", "login-taken"}
    assert raised_codes(route) == {"user-not-found"}
