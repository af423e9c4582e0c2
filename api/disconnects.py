"""Clients that close the connection before they have their answer."""

from typing import Final

from starlette.responses import Response
from starlette.types import Receive

CLIENT_CLOSED_REQUEST: Final = 499
"""The status that nginx writes into its log for such a request; no client ever reads it."""


class ClientLeft(Exception):
    """The client has closed the connection."""


async def until_left(receive: Receive) -> None:
    """Raise `ClientLeft` when the connection is closed; the body must have been read before."""
    while (await receive())["type"] != "http.disconnect":
        pass
    raise ClientLeft


def unread_response() -> Response:
    """Return a response for the log and the metrics: the client can't receive it."""
    return Response(status_code=CLIENT_CLOSED_REQUEST)
