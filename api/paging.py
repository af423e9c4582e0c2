"""Lists in pages: their parameters, their header, their items."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import Query
from starlette.responses import Response

from okno.kit.page import Page

T = TypeVar("T")

PageNumber = Annotated[int, Query(ge=0, le=1_000_000, description="Which page, from 0.")]
PageSize = Annotated[int, Query(ge=1, le=100, description="How many there are on a page.")]

PAGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "headers": {
            "X-Total-Count": {
                "description": "How many there are on all pages together.",
                "schema": {"type": "integer", "minimum": 0},
            }
        }
    }
}
"""The description of every list in pages: `responses={**PAGED, **problems(…)}`."""


def items_of(page: Page[T], number: int, response: Response) -> tuple[T, ...]:
    """Add the total to the headers and return the items; none if there is no such page."""
    response.headers["X-Total-Count"] = str(page.total)
    return page.items if page.number == number else ()
