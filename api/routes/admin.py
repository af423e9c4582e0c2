"""Administration: users, balances, conversations, sign-ins, and the audit log."""

from typing import Annotated
from uuid import uuid4

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.auth import AdminCaller
from api.paging import PAGED, PageNumber, PageSize, items_of
from api.parameters import IdempotencyKey
from api.problems import problems
from api.schemas.admin import Audit, AuditLine, DialogLine, Dialogs, NewBalance, UserLine, Users
from api.schemas.fields import Id, Success
from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService, AuditService, SessionsService
from okno.assistant.service import ConversationsService
from okno.billing.errors import AmountInvalid, BalanceTooLow, ChangeDiffers
from okno.billing.service import BillingService

router = APIRouter(prefix="/api/admin", tags=["admin"], route_class=DishkaRoute)


@router.get("/users", summary="List the users", responses=PAGED)
async def list_users(
    response: Response,
    caller: AdminCaller,
    accounts: FromDishka[AccountsService],
    billing: FromDishka[BillingService],
    query: Annotated[
        str | None, Query(max_length=128, description="An id, or a piece of a login or of a name.")
    ] = None,
    page: PageNumber = 0,
    size: Annotated[int, Query(ge=1, le=1000, description="How many there are on a page.")] = 1000,
) -> Users:
    """List the users with their balances, the newest first."""
    found = await accounts.list_users(caller.actor, page, size, query)
    people = items_of(found, page, response)
    balances = await billing.balances(caller.actor, [person.user_id for person in people])
    return Users(users=[UserLine.of(one, balances.get(one.user_id)) for one in people])


@router.post(
    "/user/{userId}/balance",
    summary="Set a balance",
    responses=problems(AmountInvalid, BalanceTooLow, ChangeDiffers, UserNotFound),
)
async def set_balance(
    body: NewBalance,
    user_id: Annotated[Id, Path(alias="userId")],
    caller: AdminCaller,
    billing: FromDishka[BillingService],
    key: IdempotencyKey = None,
) -> Success:
    """Make the balance so much; the difference becomes an entry of the user's statement."""
    await billing.set_balance(caller.actor, int(user_id), body.amount, key or str(uuid4()))
    return Success()


@router.get(
    "/user/{userId}/dialogs",
    summary="Read the dialogs of a user",
    responses={**PAGED, **problems(UserNotFound)},
)
async def get_dialogs(
    response: Response,
    user_id: Annotated[Id, Path(alias="userId")],
    caller: AdminCaller,
    conversations: FromDishka[ConversationsService],
    page: PageNumber = 0,
    size: PageSize = 20,
) -> Dialogs:
    """List the conversations of a user, the newest change first, each with its last messages.

    Of a long one `GET /api/conversations/{conversationId}/messages` has the rest.
    """
    found = await conversations.excerpts(await caller.acting_for(user_id), page, size)
    return Dialogs(dialogs=[DialogLine.of_dialog(one) for one in items_of(found, page, response)])


@router.delete(
    "/user/{userId}/sessions",
    status_code=204,
    summary="End all sign-ins of a user",
    responses=problems(UserNotFound),
)
async def end_user_sessions(
    user_id: Annotated[Id, Path(alias="userId")],
    caller: AdminCaller,
    sessions: FromDishka[SessionsService],
) -> None:
    """End every sign-in of a user: their tokens are good no more. API keys stay good."""
    await caller.acting_for(user_id)
    await sessions.end_all(caller.actor, int(user_id))


@router.get("/audit", summary="Read what was done", responses=PAGED)
async def list_audit(
    response: Response,
    caller: AdminCaller,
    audit: FromDishka[AuditService],
    page: PageNumber = 0,
    size: PageSize = 50,
) -> Audit:
    """List what administrators and services have done, or tried to, the latest first."""
    found = await audit.list(caller.actor, page, size)
    return Audit(entries=[AuditLine.of(entry) for entry in items_of(found, page, response)])
