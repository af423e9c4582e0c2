"""One's own account: what it is, all that is kept of it, and its end."""

from typing import Any, Final

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Response

from api.auth import OwnCaller
from api.errors import TooManyRequests
from api.problems import problems
from api.schemas.account import AccountDeletion, Me
from api.strict_limits import limited
from okno.accounts.errors import CredentialsWrong, UserNotFound
from okno.accounts.service import AccountsService, PasswordsService, PersonalDataService

router = APIRouter(prefix="/api", tags=["account"], route_class=DishkaRoute)

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A file of JSON: the account, sign-ins, API keys, conversations, the "
        "balance and every entry of the ledger. Times are RFC 3339.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.get("/me", summary="Show one's own account", responses=problems(UserNotFound))
async def show_me(caller: OwnCaller, accounts: FromDishka[AccountsService]) -> Me:
    """Tell who one is, and by which ways one is recognised."""
    return Me.of(await accounts.details(caller.actor))


@router.get(
    "/account/export",
    summary="Export all that is kept of one's account",
    response_class=Response,
    responses={**_FILE, **problems(UserNotFound)},
)
async def export_account(
    caller: OwnCaller, personal_data: FromDishka[PersonalDataService]
) -> Response:
    """Return everything that is stored about the account as one file, as the bot sends it."""
    return Response(
        await personal_data.export(caller.actor),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="okno-data.json"'},
    )


@router.delete(
    "/account",
    status_code=204,
    summary="Delete one's account for good",
    dependencies=[limited("sign-in")],
    responses=problems(CredentialsWrong, TooManyRequests),
)
async def delete_account(
    body: AccountDeletion,
    caller: OwnCaller,
    passwords: FromDishka[PasswordsService],
    personal_data: FromDishka[PersonalDataService],
) -> None:
    """Delete the account with its conversations, balance, API keys and sign-ins.

    The password is asked for again. An account of Telegram that has no password is deleted in the
    bot.
    """
    await passwords.confirm(caller.actor, body.password)
    await personal_data.delete(caller.actor)
