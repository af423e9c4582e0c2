"""Chat completions for OpenAI's clients."""

import re
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from time import time
from uuid import uuid4

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth import ChatCaller
from api.caller import Caller
from api.config import ApiSettings
from api.direct_route import DirectRoute
from api.disconnects import ClientLeft, unread_response
from api.errors import UserIdMissing
from api.events import Deltas, comment
from api.problems import problems
from api.question_errors import QUESTION_ERRORS
from api.schemas.chunks import Chunks
from api.schemas.completions import CompletionResult, NewCompletion
from api.streaming import Streams, described_stream
from okno.accounts.dto import Credential
from okno.assistant.dto import Completed, CompletionProgress
from okno.assistant.errors import AnswerInterrupted, ModelNotOffered
from okno.assistant.service import CompletionsService
from okno.billing.errors import TooManyGenerations
from okno.kit.actor import Actor
from okno.kit.latest import Latest
from okno.llm.dto import Queued

router = APIRouter(prefix="/v1", tags=["openai"], route_class=DirectRoute)

Completing = AbstractAsyncContextManager[Latest[CompletionProgress]]

_ID = re.compile(r"[1-9][0-9]{0,17}")

_STREAMED = """\
data: {"id": "chatcmpl-0f8b", "object": "chat.completion.chunk", "created": 1, "model": "small", \
"choices": [{"index": 0, "delta": {"content": "A window"}, "finish_reason": null}]}

data: [DONE]

"""


@router.post(
    "/chat/completions",
    summary="Complete a chat",
    response_model=CompletionResult,
    responses={
        200: described_stream(_STREAMED),
        **problems(*QUESTION_ERRORS, ModelNotOffered, TooManyGenerations, UserIdMissing),
    },
)
async def create_completion(
    request: Request,
    asked: NewCompletion,
    caller: ChatCaller,
    completions: FromDishka[CompletionsService],
    streams: FromDishka[Streams],
    settings: FromDishka[ApiSettings],
) -> Response:
    """Answer these messages, to which nothing is added and of which nothing is kept.

    With `stream` the answer comes as Server-Sent Events, the last of which is `[DONE]`.
    """
    completing = completions.complete(
        await _acting(caller, asked.user),
        asked.to_request(),
        max_open=settings.parallel_generations,
    )
    id_, created = f"chatcmpl-{uuid4().hex}", int(time())
    if asked.stream:
        chunks = Chunks(id_=id_, created=created, model=asked.model, with_usage=asked.wants_usage)
        return streams.open(
            request, _written(completing, chunks), interrupted=AnswerInterrupted(), error_name=None
        )
    try:
        async with streams.waiting(request, interrupted=AnswerInterrupted()):
            completed = await _completed(completing)
    except ClientLeft:
        return unread_response()
    result = CompletionResult.of(completed, id_=id_, created=created, model=asked.model)
    return Response(result.model_dump_json(), media_type="application/json")


async def _acting(caller: Caller, user: str | None) -> Actor:
    """Return the actor; a service names its user in the field `user` of OpenAI."""
    if caller.principal.credential is not Credential.SERVICE:
        return caller.actor
    if user is None or not _ID.fullmatch(user):
        raise UserIdMissing
    return await caller.acting_for(user)


async def _written(completing: Completing, chunks: Chunks) -> AsyncGenerator[bytes, None]:
    deltas = Deltas()
    has_begun = False
    async with completing as progress:
        async for one in progress:
            if isinstance(one, Queued):
                yield comment(f"place {one.place} in the queue")
                continue
            added = deltas.take(one.text)
            if not has_begun:
                has_begun = True
                yield chunks.role()
            if added:
                yield chunks.text(added)
            if isinstance(one, Completed):
                yield chunks.end(one)


async def _completed(completing: Completing) -> Completed:
    async with completing as progress:
        last = await progress.last()
    if isinstance(last, Completed):
        return last
    raise AnswerInterrupted
