"""Routes that fail, wait and stream, to see what the layers around all routes make of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from starlette.requests import Request

from api.auth import AdminCaller, BillingCaller, ChatCaller, ContextCaller, OwnCaller, UsersCaller
from api.caller import Caller
from api.request_info import request_info_of
from api.schemas.base import Schema

SECRET = "what nobody outside may read"

probe = APIRouter(prefix="/probe")


class Item(Schema):
    """A body with something to get wrong."""

    user_id: Annotated[str, Query(min_length=2, max_length=4, pattern="^[0-9]+$")]
    amount: Annotated[int, Query(ge=1, le=10)]


@probe.post("/echo")
async def echo(item: Item) -> Item:
    return item


@probe.post("/length")
async def length(request: Request) -> int:
    return len(await request.body())


@probe.get("/language")
async def language(request: Request) -> str:
    return request_info_of(request).language


@probe.get("/client")
async def client(request: Request) -> dict[str, Any]:
    info = request_info_of(request)
    return {"address": info.address, "secure": info.is_secure}


@probe.get("/fail")
async def fail() -> None:
    raise RuntimeError(SECRET)


@probe.get("/fail-late")
async def fail_late() -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        yield b"beginning"
        raise RuntimeError(SECRET)

    return StreamingResponse(body())


@probe.get("/wait")
async def wait(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "waited"


@probe.get("/stream")
async def stream(seconds: float, times: int) -> StreamingResponse:
    async def events() -> AsyncIterator[bytes]:
        for number in range(times):
            yield f"data: {number}\n\n".encode()
            await asyncio.sleep(seconds)

    return StreamingResponse(events(), media_type="text/event-stream")


def _who(caller: Caller) -> dict[str, Any]:
    return {"credential": caller.principal.credential, "userId": caller.actor.user_id}


@probe.get("/chat")
async def chat(caller: ChatCaller) -> dict[str, Any]:
    return _who(caller)


@probe.get("/context")
async def context(caller: ContextCaller, user_id: Annotated[str, Query(alias="userId")]) -> int:
    return (await caller.acting_for(user_id)).require_user()


@probe.post("/topup")
async def topup(caller: BillingCaller, body: dict[str, Any]) -> dict[str, Any]:
    return _who(caller)


@probe.post("/users")
async def users(caller: UsersCaller, body: dict[str, Any]) -> dict[str, Any]:
    return _who(caller)


@probe.get("/own")
async def own(caller: OwnCaller) -> dict[str, Any]:
    return _who(caller)


@probe.post("/admin/{userId}")
async def admin(
    caller: AdminCaller, user_id: Annotated[str, Path(alias="userId")], body: dict[str, Any]
) -> dict[str, Any]:
    return {**_who(caller), "target": user_id}
