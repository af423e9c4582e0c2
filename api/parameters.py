"""Parameters that many routes take."""

from typing import Annotated

from fastapi import Depends, Header, Query

from api.request_info import RequestInfo, current_request_info
from api.schemas.fields import Id

CurrentRequest = Annotated[RequestInfo, Depends(current_request_info)]
"""Facts about the request: language, device, request id."""

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
