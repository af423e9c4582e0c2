"""A bare proxy in front of the model: `python -m uvicorn tools.bench.http.proxy:app`.

It has no users, no storage and no prices, and runs on the same server, event loop, parser and
client as Okno's API. The difference to it is the cost of Okno itself. `COMPLETIONS` uses FastAPI as
usual: it checks bodies and writes JSON. `BYTES` passes bodies on without reading them.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import ClientResponse, ClientSession, TCPConnector
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from tools.bench.http.options import BYTES, COMPLETIONS, MODEL_VARIABLE

_JSON: Final = {"Content-Type": "application/json"}


class Message(BaseModel):
    """A message of a prompt."""

    role: str
    content: str


class Completion(BaseModel):
    """The body of a chat completion."""

    model: str
    messages: list[Message]
    stream: bool = False


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with ClientSession(os.environ[MODEL_VARIABLE], connector=TCPConnector(limit=0)) as model:
        app.state.model = model
        yield


app: Final = FastAPI(lifespan=_lifespan)


@app.post(COMPLETIONS, response_model=None)
async def complete(asked: Completion, request: Request) -> Any:  # noqa: ANN401 - JSON, or a stream
    model: ClientSession = request.app.state.model
    answer = await model.post(COMPLETIONS, json=asked.model_dump())
    return _streamed(answer) if asked.stream else await answer.json()


@app.post(BYTES)
async def pass_on(request: Request) -> Response:
    model: ClientSession = request.app.state.model
    answer = await model.post(COMPLETIONS, data=await request.body(), headers=_JSON)
    return Response(await answer.read(), answer.status, media_type=answer.content_type)


def _streamed(answer: ClientResponse) -> StreamingResponse:
    return StreamingResponse(answer.content.iter_any(), media_type=answer.content_type)
