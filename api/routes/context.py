"""The context window of a user: the messages before the next question."""

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter

from api.auth import ContextCaller
from api.parameters import UserIdQuery
from api.problems import problems
from api.schemas.context import Context, ContextMessage, ContextOwner, NewContext
from api.schemas.fields import Success
from okno.accounts.errors import UserNotFound
from okno.assistant.errors import AnswerInProgress, ContextNotFound, ContextTooLong
from okno.assistant.service import ChoicesService, ConversationsService

router = APIRouter(prefix="/api/context", tags=["context"], route_class=DishkaRoute)


@router.post(
    "",
    summary="Replace the context",
    responses=problems(ContextTooLong, UserNotFound, AnswerInProgress),
)
async def save_context(
    body: NewContext, caller: ContextCaller, choices: FromDishka[ChoicesService]
) -> Success:
    """Replace the messages that go before the next question; the history keeps the old ones."""
    actor = await caller.acting_for(body.user_id)
    await choices.replace_context(actor, [one.to_prompt() for one in body.context])
    return Success()


@router.get("", summary="Read the context", responses=problems(ContextNotFound, UserNotFound))
async def get_context(
    user_id: UserIdQuery, caller: ContextCaller, conversations: FromDishka[ConversationsService]
) -> Context:
    """Return what would go before the next question, the oldest message first."""
    window = await conversations.context(await caller.acting_for(user_id))
    return Context(context=[ContextMessage.of(message) for message in window])


@router.post(
    "/reset",
    summary="Forget the context",
    responses=problems(UserNotFound, AnswerInProgress),
)
async def reset_context(
    body: ContextOwner, caller: ContextCaller, choices: FromDishka[ChoicesService]
) -> Success:
    """Begin the next question without context; the history keeps the messages."""
    await choices.reset_context(await caller.acting_for(body.user_id))
    return Success()
