"""Registration, sign-in and sessions."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path

from api.auth import OwnCaller
from api.caller import Caller
from api.errors import TooManyRequests
from api.parameters import CurrentRequest
from api.problems import problems
from api.schemas.auth import (
    Assertion,
    Credentials,
    PasswordChange,
    Registration,
    Renewal,
    ServiceToken,
    SessionLine,
    Sessions,
    SignedIn,
)
from api.strict_limits import limited
from okno.accounts.errors import (
    CredentialsWrong,
    LoginInvalid,
    LoginTaken,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    SessionEnded,
    SessionNotFound,
    SignInsCrowded,
    TokenExpired,
    TokenInvalid,
    UserNotFound,
)
from okno.accounts.service import PasswordsService, ServicesService, SessionsService

router = APIRouter(prefix="/api/auth", tags=["auth"], route_class=DishkaRoute)

_PASSWORD_ERRORS = (PasswordTooShort, PasswordTooLong, PasswordTooCommon, SignInsCrowded)


@router.post(
    "/register",
    summary="Register with a login and a password",
    dependencies=[limited("register")],
    responses=problems(LoginTaken, LoginInvalid, *_PASSWORD_ERRORS, TooManyRequests),
)
async def register(
    body: Registration, info: CurrentRequest, passwords: FromDishka[PasswordsService]
) -> SignedIn:
    """Make an account with the welcome grant, and sign in to it.

    Its language, which the errors and the bot speak, is the one of `Accept-Language`.
    """
    sign_in = await passwords.register(body.username, body.password, info.device, info.language)
    return SignedIn.of(sign_in)


@router.post(
    "/login",
    summary="Sign in",
    dependencies=[limited("sign-in", by="username")],
    responses=problems(CredentialsWrong, SignInsCrowded, TooManyRequests),
)
async def login(
    body: Credentials, info: CurrentRequest, passwords: FromDishka[PasswordsService]
) -> SignedIn:
    """Sign in with login, or Telegram id, and password."""
    return SignedIn.of(await passwords.sign_in(body.username, body.password, info.device))


@router.post(
    "/refresh",
    summary="Get the next token",
    dependencies=[limited("refresh")],
    responses=problems(SessionEnded, TooManyRequests),
)
async def refresh(
    body: Renewal, info: CurrentRequest, sessions: FromDishka[SessionsService]
) -> SignedIn:
    """Renew a sign-in. A refresh token is good once: its second use ends the sign-in."""
    return SignedIn.of(await sessions.refresh(body.refresh_token, info.device))


@router.post("/logout", status_code=204, summary="Sign out", responses=problems(SessionNotFound))
async def logout(caller: OwnCaller, sessions: FromDishka[SessionsService]) -> None:
    """End this sign-in: its tokens are good no more."""
    await sessions.end(caller.actor, _session_of(caller))


@router.post(
    "/password",
    status_code=204,
    summary="Change the password",
    dependencies=[limited("sign-in")],
    responses=problems(CredentialsWrong, *_PASSWORD_ERRORS),
)
async def change_password(
    body: PasswordChange, caller: OwnCaller, passwords: FromDishka[PasswordsService]
) -> None:
    """Take another password, and end all sign-ins but this one."""
    await passwords.change(caller.actor, _session_of(caller), body.old_password, body.new_password)


@router.post(
    "/service",
    summary="Swap an assertion for a token",
    dependencies=[limited("refresh")],
    responses=problems(TokenInvalid, TokenExpired, TooManyRequests),
)
async def exchange_assertion(
    body: Assertion, services: FromDishka[ServicesService]
) -> ServiceToken:
    """Give a service a JWT of ten minutes for what it has signed with its key."""
    return ServiceToken.of(await services.exchange(body.assertion))


@router.get("/sessions", summary="List the sign-ins")
async def list_sessions(caller: OwnCaller, sessions: FromDishka[SessionsService]) -> Sessions:
    """List one's sign-ins that have not ended, the latest use first."""
    current, own = _session_of(caller), await sessions.list(caller.actor)
    return Sessions(sessions=[SessionLine.of(one, current) for one in own])


@router.delete(
    "/sessions",
    status_code=204,
    summary="End all other sign-ins",
    responses=problems(UserNotFound),
)
async def end_other_sessions(caller: OwnCaller, sessions: FromDishka[SessionsService]) -> None:
    """End all sign-ins but this one."""
    await sessions.end_all(caller.actor, caller.actor.require_user(), keep=_session_of(caller))


@router.delete(
    "/sessions/{sessionId}",
    status_code=204,
    summary="End a sign-in",
    responses=problems(SessionNotFound),
)
async def end_session(
    session_id: Annotated[UUID, Path(alias="sessionId")],
    caller: OwnCaller,
    sessions: FromDishka[SessionsService],
) -> None:
    """End one of one's sign-ins: its tokens are good no more."""
    await sessions.end(caller.actor, session_id)


def _session_of(caller: Caller) -> UUID:
    """Return the session of this request."""
    return UUID(caller.principal.credential_id)
