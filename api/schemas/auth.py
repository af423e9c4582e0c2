"""Bodies of registration, sign-in and sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.base import Schema
from api.schemas.fields import Id
from okno.accounts.dto import AccessToken, Session, SignIn

Login = Annotated[str, Field(min_length=1, max_length=64, examples=["anna"])]
Password = Annotated[str, Field(min_length=1, max_length=1024, examples=["a window to the sea"])]
"""Wider than the rules for passwords: the service reports a broken rule by its code."""
RefreshToken = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Jwt = Annotated[
    str, Field(examples=["eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJ1c2VyOjE3In0.c2ln"])
]


class Registration(Schema):
    """Login and password of a new account."""

    username: Login
    password: Password


class Credentials(Schema):
    """`username`: a login, or the Telegram id of somebody who has confirmed a password."""

    username: Login
    password: Password


class Renewal(Schema):
    """A refresh token, which is good once."""

    refresh_token: RefreshToken


class PasswordChange(Schema):
    """The password that is good now, and the one that shall be."""

    old_password: Password
    new_password: Annotated[Password, Field(examples=["another window to the sea"])]


class SignedIn(Schema):
    """A JWT for `expiresIn` seconds, and the token that gets the next one."""

    user_id: Id
    token: Jwt
    expires_in: Annotated[int, Field(examples=[600])]
    refresh_token: RefreshToken

    @classmethod
    def of(cls, sign_in: SignIn) -> "SignedIn":
        return cls(
            user_id=str(sign_in.user_id),
            token=sign_in.token,
            expires_in=sign_in.expires_in,
            refresh_token=sign_in.refresh_token,
        )


class Assertion(Schema):
    """A JWT that a service has signed with its key; the documentation lists its claims."""

    assertion: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class ServiceToken(Schema):
    """A JWT of a service, for `expiresIn` seconds."""

    token: Jwt
    expires_in: Annotated[int, Field(examples=[600])]

    @classmethod
    def of(cls, token: AccessToken) -> "ServiceToken":
        return cls(token=token.token, expires_in=token.expires_in)


class SessionLine(Schema):
    """A sign-in: from where, on what; `isCurrent`: this very one."""

    id: UUID
    address: Annotated[str, Field(examples=["203.0.113.7"])]
    device: Annotated[str, Field(examples=["Mozilla/5.0 (X11; Linux x86_64)"])]
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    is_current: bool

    @classmethod
    def of(cls, session: Session, current: UUID) -> "SessionLine":
        return cls(
            id=session.id,
            address=session.device.address,
            device=session.device.name,
            created_at=session.created_at,
            used_at=session.used_at,
            expires_at=session.expires_at,
            is_current=session.id == current,
        )


class Sessions(Schema):
    """The sign-ins that have not ended, the latest use first."""

    sessions: list[SessionLine]
