"""Requests that the owner of a Telegram account confirms in the bot."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path

from api.auth import OwnCaller
from api.errors import TelegramUnavailable, TooManyRequests
from api.parameters import CurrentRequest
from api.problems import problems
from api.schemas.telegram import Asked, AskedByLink, Decision, TelegramSignUp
from api.strict_limits import limited
from api.telegram import Telegram
from okno.accounts.errors import (
    AlreadyJoined,
    ConfirmationNotFound,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    SignInsCrowded,
    TooManyConfirmations,
    UserNotFound,
)
from okno.accounts.service import ConfirmationsService

router = APIRouter(prefix="/api/auth/telegram", tags=["auth"], route_class=DishkaRoute)


@router.post(
    "",
    status_code=202,
    summary="Sign up with a Telegram id",
    dependencies=[limited("confirmation", by="telegramId")],
    responses=problems(
        PasswordTooShort,
        PasswordTooLong,
        PasswordTooCommon,
        SignInsCrowded,
        TooManyConfirmations,
        TooManyRequests,
    ),
)
async def ask_for_password(
    body: TelegramSignUp, info: CurrentRequest, confirmations: FromDishka[ConfirmationsService]
) -> Asked:
    """Ask in the bot whether this password shall be good for the account.

    The bot shows who asks, with the same number. Once it is confirmed there, the Telegram id is
    the `username` to sign in with. Whether there is such an account is not told.
    """
    confirmation = await confirmations.ask_for_password(
        int(body.telegram_id), body.password, info.device
    )
    return Asked.of(confirmation)


@router.post(
    "/link",
    status_code=202,
    summary="Join a Telegram account",
    dependencies=[limited("confirmation")],
    responses=problems(AlreadyJoined, TelegramUnavailable, TooManyConfirmations, UserNotFound),
)
async def ask_for_joining(
    caller: OwnCaller,
    confirmations: FromDishka[ConfirmationsService],
    telegram: FromDishka[Telegram],
) -> AskedByLink:
    """Make a link to the bot; confirmed there, both accounts become this one.

    Balances are added, conversations and payments come along.
    """
    # The link first: without it there must be no confirmation.
    address = await telegram.link("join_")
    wanted = await confirmations.ask_for_joining(caller.actor, caller.device)
    return AskedByLink.of_link(wanted, address)


@router.get(
    "/{confirmationId}",
    summary="See what was decided in Telegram",
    dependencies=[limited("refresh")],
    responses=problems(ConfirmationNotFound, TooManyRequests),
)
async def show_decision(
    confirmation_id: Annotated[UUID, Path(alias="confirmationId")],
    confirmations: FromDishka[ConfirmationsService],
) -> Decision:
    """Tell what has become of it; whoever knows the id may ask."""
    return Decision(state=await confirmations.state(confirmation_id))
