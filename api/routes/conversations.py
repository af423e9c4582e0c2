"""Past conversations, the same as in the bot."""

from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.auth import ContextCaller
from api.errors import UserIdMissing
from api.paging import PAGED, PageNumber, PageSize, items_of
from api.parameters import AnyUserIdQuery
from api.problems import problems
from api.schemas.conversations import (
    ConversationLine,
    Conversations,
    FoundLine,
    Messages,
    Renaming,
    SearchResults,
    flatten,
)
from api.schemas.fields import Id
from okno.accounts.errors import UserNotFound
from okno.assistant.errors import AnswerInProgress, ConversationNotFound, TitleEmpty
from okno.assistant.service import ConversationsService

router = APIRouter(
    prefix="/api/conversations",
    tags=["conversations"],
    route_class=DishkaRoute,
)

_ERRORS = (UserIdMissing, UserNotFound)


@router.get("", summary="List the conversations", responses={**PAGED, **problems(*_ERRORS)})
async def list_conversations(
    response: Response,
    caller: ContextCaller,
    conversations: FromDishka[ConversationsService],
    user_id: AnyUserIdQuery = None,
    page: PageNumber = 0,
    size: PageSize = 50,
) -> Conversations:
    """List the conversations, the newest change first."""
    found = await conversations.list(await caller.acting_for_optional(user_id), page, size)
    lines = [ConversationLine.of(one) for one in items_of(found, page, response)]
    return Conversations(conversations=lines)


@router.get("/search", summary="Search the messages", responses={**PAGED, **problems(*_ERRORS)})
async def search_messages(
    response: Response,
    caller: ContextCaller,
    conversations: FromDishka[ConversationsService],
    query: Annotated[str, Query(max_length=200, examples=["window"])],
    user_id: AnyUserIdQuery = None,
    page: PageNumber = 0,
    size: PageSize = 50,
) -> SearchResults:
    """Find messages by words in any of their forms, "phrases", `or` and -exclusions."""
    found = await conversations.search(await caller.acting_for_optional(user_id), query, page, size)
    return SearchResults(results=[FoundLine.of(one) for one in items_of(found, page, response)])


@router.get(
    "/{conversationId}/messages",
    summary="Read a conversation",
    responses={**PAGED, **problems(*_ERRORS, ConversationNotFound)},
)
async def list_messages(
    response: Response,
    conversation_id: Annotated[Id, Path(alias="conversationId")],
    caller: ContextCaller,
    conversations: FromDishka[ConversationsService],
    user_id: AnyUserIdQuery = None,
    page: PageNumber = 0,
    size: PageSize = 50,
) -> Messages:
    """List questions and answers, the oldest first.

    `page`, `size` and the total count questions; each answer follows its question.
    """
    found = await conversations.exchanges(
        await caller.acting_for_optional(user_id), int(conversation_id), page, size
    )
    return Messages(messages=flatten(items_of(found, page, response)))


@router.patch(
    "/{conversationId}",
    summary="Rename a conversation",
    responses=problems(*_ERRORS, ConversationNotFound, TitleEmpty),
)
async def rename_conversation(
    body: Renaming,
    conversation_id: Annotated[Id, Path(alias="conversationId")],
    caller: ContextCaller,
    conversations: FromDishka[ConversationsService],
    user_id: AnyUserIdQuery = None,
) -> ConversationLine:
    """Give a conversation another title."""
    actor = await caller.acting_for_optional(user_id)
    return ConversationLine.of(await conversations.rename(actor, int(conversation_id), body.title))


@router.delete(
    "/{conversationId}",
    status_code=204,
    summary="Delete a conversation",
    responses=problems(*_ERRORS, ConversationNotFound, AnswerInProgress),
)
async def delete_conversation(
    conversation_id: Annotated[Id, Path(alias="conversationId")],
    caller: ContextCaller,
    conversations: FromDishka[ConversationsService],
    user_id: AnyUserIdQuery = None,
) -> None:
    """Delete a conversation for good; what it has cost stays in the statement."""
    await conversations.delete(await caller.acting_for_optional(user_id), int(conversation_id))
