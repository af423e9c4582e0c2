"""As little as FastAPI does before a model: `python -m uvicorn tools.bench.http.proxy:app`.

It has no callers, no storage, no prices. It runs on the same server, loop, parser and client as
Okno's API: what the API takes beyond it is the API's own. `COMPLETIONS` is as FastAPI is used:
bodies are checked and written as JSON. `BYTES` does not even look at them.
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
    """Something said."""

    role: str
    content: str


class Completion(BaseModel):
    """What is asked of the model."""

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
