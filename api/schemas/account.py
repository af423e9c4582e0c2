"""Bodies of the caller's own account."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.auth import Password
from api.schemas.base import Schema
from api.schemas.fields import Id, to_id
from okno.accounts.dto import AccountDetails, Language
from okno.kit.actor import Role


class AccountDeletion(Schema):
    """The password, which confirms that the account is to be deleted."""

    password: Password


class Me(Schema):
    """One's own account.

    `login`: to sign in with; `username` and the names: what Telegram shows, or what was typed when
    registering.
    """

    user_id: Id
    login: Annotated[str | None, Field(examples=["anna"])]
    telegram_id: Id | None
    username: Annotated[str | None, Field(examples=["Anna"])]
    first_name: str
    last_name: str | None
    language: Language
    role: Role
    registered_at: datetime

    @classmethod
    def of(cls, data: AccountDetails) -> "Me":
        return cls(
            user_id=str(data.user_id),
            login=data.login,
            telegram_id=to_id(data.telegram_id),
            username=data.username,
            first_name=data.first_name,
            last_name=data.last_name,
            language=data.language,
            role=data.role,
            registered_at=data.registered_at,
        )
