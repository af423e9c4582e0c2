"""Questions to the assistant in the conversation that the bot shows: whole answers and streams."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.auth import ChatCaller
from api.caller import Caller
from api.direct_route import DirectRoute
from api.disconnects import ClientLeft, unread_response
from api.events import Deltas, event
from api.parameters import IdempotencyKey
from api.problems import problems
from api.question_errors import QUESTION_ERRORS
from api.request_info import request_info_of
from api.schemas.chat import Answer, Question, answer_in_json, answer_of
from api.streaming import Streams, described_stream
from okno.assistant.dto import Answered, Generation, Growing, Origin, Progress, Repeat
from okno.assistant.errors import (
    AnswerFiltered,
    AnswerInProgress,
    AnswerInterrupted,
    AnswerStopped,
    ContextTooLong,
    RepeatDiffers,
)
from okno.assistant.service import AnswerGenerator, QuestionsService
from okno.llm.dto import Queued

router = APIRouter(prefix="/api/chat", tags=["chat"], route_class=DirectRoute)

_RETRY_AFTER = (b"retry-after", b"2")
"""Seconds until a client may ask again for an answer in progress."""

_STREAMED = """\
event: delta
data: {"text": "A window"}

event: done
data: {"message": "A window", "context": [], "tokensUsed": 42}

"""


@router.post(
    "",
    summary="Ask",
    response_model=Answer,
    responses={
        200: described_stream(_STREAMED),
        **problems(
            *QUESTION_ERRORS,
            AnswerFiltered,
            AnswerInProgress,
            AnswerStopped,
            ContextTooLong,
            RepeatDiffers,
        ),
    },
)
async def ask(
    request: Request,
    question: Question,
    caller: ChatCaller,
    questions: FromDishka[QuestionsService],
    generator: FromDishka[AnswerGenerator],
    streams: FromDishka[Streams],
    key: IdempotencyKey = None,
) -> Response:
    """Ask in the conversation at hand, whose context goes before the question.

    With `stream` the answer comes as Server-Sent Events: `queued` with the `place` in the queue,
    `delta` with a piece of `text`, and at last `done` with what else is the whole answer, or
    `error` with a problem.
    """
    try:
        begun = await _begin(questions, question, caller, key)
    except AnswerInProgress:
        request_info_of(request).response_headers.append(_RETRY_AFTER)
        raise
    if question.stream:
        written = _written(_progress(generator, begun))
        return streams.open(request, written, interrupted=AnswerInterrupted(), error_name="error")
    try:
        async with streams.waiting(
            request, interrupted=AnswerInterrupted(), outlives_client=key is not None
        ):
            answered = await _answered(generator, begun)
    except ClientLeft:
        return unread_response()
    return Response(answer_in_json(answered), media_type="application/json")


async def _begin(
    questions: QuestionsService, question: Question, caller: Caller, key: str | None
) -> Generation | Answered:
    return await questions.ask(
        await caller.acting_for(question.user_id),
        question.message,
        origin=Origin.HTTP,
        context=question.given,
        repeat=None if key is None else Repeat(key, question.fingerprint),
    )


async def _progress(
    generator: AnswerGenerator, begun: Generation | Answered
) -> AsyncGenerator[Progress, None]:
    if isinstance(begun, Answered):
        yield begun
        return
    async with generator.answer(begun) as progress:
        async for one in progress:
            yield one


async def _written(progress: AsyncGenerator[Progress, None]) -> AsyncGenerator[bytes, None]:
    deltas = Deltas()
    async with aclosing(progress):
        async for one in progress:
            if isinstance(one, Queued):
                yield event({"place": one.place}, "queued")
                continue
            text = one.text if isinstance(one, Growing) else one.message.text
            if added := deltas.take(text):
                yield event({"text": added}, "delta")
            if isinstance(one, Answered):
                yield event(answer_of(one), "done")
                return
    raise AnswerInterrupted


async def _answered(generator: AnswerGenerator, begun: Generation | Answered) -> Answered:
    if isinstance(begun, Answered):
        return begun
    async with generator.answer(begun) as progress:
        last = await progress.last()
    if isinstance(last, Answered):
        return last
    raise AnswerInterrupted
