"""Bodies of confirmations in Telegram."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.auth import Password
from api.schemas.base import Schema
from api.schemas.fields import Id
from okno.accounts.dto import Confirmation, ConfirmationState, JoiningLink

Number = Annotated[int, Field(ge=10, le=99, examples=[42])]


class TelegramSignUp(Schema):
    """The Telegram id of a user of the bot, and the password to sign in with from then on."""

    telegram_id: Annotated[Id, Field(examples=["7001"])]
    password: Password


class Asked(Schema):
    """A confirmation to wait for; the bot shows the same `number`."""

    id: UUID
    number: Number
    expires_at: datetime

    @classmethod
    def of(cls, confirmation: Confirmation) -> "Asked":
        return cls(
            id=confirmation.id, number=confirmation.number, expires_at=confirmation.expires_at
        )


class AskedByLink(Asked):
    """`link` opens the bot; whoever opens it is asked."""

    link: Annotated[str, Field(examples=["https://t.me/okno_bot?start=join_Zk3p9uWq"])]

    @classmethod
    def of_link(cls, wanted: JoiningLink, address: str) -> "AskedByLink":
        """`address`: the link to the bot without the code at its end."""
        asked = Asked.of(wanted.confirmation)
        return cls(**asked.model_dump(by_alias=False), link=address + wanted.code)


class Decision(Schema):
    """The state of a confirmation."""

    state: Annotated[ConfirmationState, Field(examples=["pending"])]
