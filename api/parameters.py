"""Parameters that many routes take, and the pages that they ask for."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Header, Query
from starlette.responses import Response

from api.request_info import RequestInfo, current_request_info
from api.schemas.fields import Id
from okno.kit.page import Page

T = TypeVar("T")

CurrentRequest = Annotated[RequestInfo, Depends(current_request_info)]
"""The request as the middlewares know it: language, device, request id."""

UserIdQuery = Annotated[
    Id, Query(alias="userId", description="Whose: one's own, unless an admin or a service asks.")
]
AnyUserIdQuery = Annotated[
    Id | None, Query(alias="userId", description="Whose; without it one's own.")
]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,64}$",
        description="Chosen by the client, new for every deed: the same key does it once.",
        examples=["4b1f6c1e-0d5e-4c8b-9c43-1f3f5f1f2a77"],
    ),
]

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
"""What the document says of every list in pages: `responses={**PAGED, **problems(…)}`."""


def show_page(page: Page[T], asked: int, response: Response) -> tuple[T, ...]:
    """Tell the total and return the items: none when the page asked for is beyond the last."""
    response.headers["X-Total-Count"] = str(page.total)
    return page.items if page.number == asked else ()
