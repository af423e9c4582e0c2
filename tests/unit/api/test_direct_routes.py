"""Direct routes are read and described as any other."""

import asyncio
import json
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from api.direct_route import DirectRoute


class Said(BaseModel):
    """A body."""

    text: Annotated[str, Field(min_length=2)]
    number: int = 1


class Refused(Exception):
    """The error that a dependency raises."""


async def whoever(request: Request) -> str:
    who = request.headers.get("x-who", "nobody")
    if who == "stranger":
        raise Refused
    return who


Who = Annotated[str, Depends(whoever)]
Key = Annotated[str | None, Header(alias="X-Key", pattern="^[a-z]+$")]


async def say(request: Request, said: Said, who: Who, key: Key = None) -> Response:
    return JSONResponse([request.method, said.model_dump(), who, key])


async def tell(request: Request, error: Exception) -> Response:
    """Answer as the API does, by what matters of an error."""
    if isinstance(error, RequestValidationError):
        told = [(one["type"], one["loc"][0], len(one["loc"])) for one in error.errors()]
        return JSONResponse(told, 400)
    return JSONResponse(type(error).__name__, 403)


def app_with(kind: type[APIRoute]) -> FastAPI:
    router = APIRouter(route_class=kind)
    router.post("/say")(say)
    app = FastAPI(exception_handlers={RequestValidationError: tell, Refused: tell})
    app.router.routes.extend(router.routes)
    return app


def ask(app: FastAPI, body: bytes, **headers: str) -> tuple[int, Any]:
    """Return status and body of the answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"content-type": "application/json", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/say",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"text": "Hello"}', {}),
        (b'{"text": "Hello", "number": 7, "more": 1}', {"x-key": "abc", "x-who": "anna"}),
        (b'{"text": "H", "number": "x"}', {}),
        (b'{"number": 2}', {}),
        (b'{"text": "Hello"}', {"x-key": "A B"}),
        (b'{"text": "Hello"}', {"x-who": "stranger"}),
    ],
)
def test_it_reads_what_a_usual_route_reads(body: bytes, headers: dict[str, str]) -> None:
    assert ask(app_with(DirectRoute), body, **headers) == ask(app_with(APIRoute), body, **headers)


@pytest.mark.parametrize("body", [b"", b'{"text": "Hel', b'{"text": "\xff"}', b"[" * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert ask(app_with(DirectRoute), body) == (400, [["json_invalid", "body", 1]])


def test_it_is_described_as_a_usual_route_is() -> None:
    assert app_with(DirectRoute).openapi() == app_with(APIRoute).openapi()


async def needs_a_header(key: Key = None) -> str | None:
    return key


async def with_query(request: Request, page: Annotated[int, Query()] = 0) -> Response:
    raise NotImplementedError


async def with_more(who: Annotated[str, Depends(needs_a_header)]) -> Response:
    raise NotImplementedError


async def with_must(key: Annotated[str, Header()]) -> Response:
    raise NotImplementedError


@pytest.mark.parametrize("endpoint", [with_query, with_more, with_must])
def test_what_it_does_not_read_it_does_not_take(endpoint: Any) -> None:
    router = APIRouter(route_class=DirectRoute)
    with pytest.raises(TypeError):
        router.post("/say")(endpoint)
