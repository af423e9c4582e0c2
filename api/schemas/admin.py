"""Bodies of administration: users, balances, conversations, the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.conversations import ConversationLine, Message, flatten
from api.schemas.fields import Id, Units, UnitsOrZero, to_id
from okno.accounts.dto import AuditEntry, UserSummary
from okno.assistant.dto import ConversationExcerpt
from okno.billing.dto import Balance
from okno.kit.actor import Role


class UserLine(Schema):
    """A user, by whichever ways recognised; `currentBalance` is null before the first grant."""

    user_id: Id
    login: Annotated[str | None, Field(examples=["anna"])]
    telegram_id: Id | None
    username: Annotated[str | None, Field(examples=["Anna"])]
    first_name: str
    last_name: str | None
    role: Role
    current_balance: Units | None
    total_tokens: Units
    registered_at: datetime
    last_seen_at: datetime

    @classmethod
    def of(cls, user: UserSummary, balance: Balance | None) -> "UserLine":
        return cls(
            user_id=str(user.user_id),
            login=user.login,
            telegram_id=to_id(user.telegram_id),
            username=user.username,
            first_name=user.first_name,
            last_name=user.last_name,
            role=user.role,
            current_balance=None if balance is None else balance.balance,
            total_tokens=0 if balance is None else balance.used_total,
            registered_at=user.registered_at,
            last_seen_at=user.last_seen_at,
        )


class Users(Schema):
    """The users, the newest first."""

    users: list[UserLine]


class NewBalance(Schema):
    """The new balance; the difference becomes an entry of the statement."""

    amount: UnitsOrZero


class DialogLine(ConversationLine):
    """A conversation with its newest messages, the oldest of them first."""

    messages: list[Message]

    @classmethod
    def of_dialog(cls, dialog: ConversationExcerpt) -> "DialogLine":
        line = ConversationLine.of(dialog.conversation)
        return cls(**line.model_dump(by_alias=False), messages=flatten(dialog.exchanges))


class Dialogs(Schema):
    """The conversations of a user, the newest change first."""

    dialogs: list[DialogLine]


class AuditLine(Schema):
    """An act of an administrator or a service; `status` is the status of the answer.

    `targetId` is what was asked for, which need not be the id of anybody.
    """

    id: UUID
    at: datetime
    role: Role
    user_id: Id | None
    service_id: Id | None
    action: Annotated[str, Field(examples=["setBalance"])]
    target_id: Annotated[str, Field(examples=["17"])] | None
    address: str
    request_id: str
    details: Mapping[str, Any]
    status: int | None

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditLine":
        record = entry.record
        return cls(
            id=entry.id,
            at=entry.at,
            role=record.actor.role,
            user_id=to_id(record.actor.user_id),
            service_id=to_id(record.actor.service_id),
            action=record.action,
            target_id=to_id(record.target_id),
            address=record.address,
            request_id=record.request_id,
            details=record.details,
            status=entry.status,
        )


class Audit(Schema):
    """Records of the audit log, the newest first."""

    entries: list[AuditLine]
