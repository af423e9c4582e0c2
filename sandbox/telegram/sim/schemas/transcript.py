"""Views of chats and messages."""

from typing import Any

from pydantic import BaseModel, Field


class ChatView(BaseModel):
    id: int
    type: str = Field(examples=["private"])
    title: str | None
    first_name: str | None


class BotView(BaseModel):
    """The bot's profile in the user's language."""

    id: int
    username: str
    first_name: str
    description: str | None
    short_description: str | None


class CommandView(BaseModel):
    command: str = Field(examples=["start"])
    description: str


class Author(BaseModel):
    id: int
    first_name: str


class Button(BaseModel):
    text: str
    kind: str = Field(description="callback, url, copy, web_app, pay or other")
    data: str | None
    url: str | None
    copied: str | None = Field(alias="copy", description="The text that the button copies.")
    style: str | None
    disabled: bool


class Media(BaseModel):
    kind: str = Field(examples=["photo"])
    file_id: str
    file_name: str | None
    mime_type: str | None
    size: int
    url: str = Field(examples=["/sim/files/photo-1"])
    width: int | None
    height: int | None


class InvoiceView(BaseModel):
    """An invoice in Stars."""

    title: str
    description: str
    stars: int
    receipt_id: int | None = Field(description="The message that confirms the payment.")


class PaymentView(BaseModel):
    """The payment of a service message."""

    kind: str = Field(description="paid or refunded")
    stars: int
    charge_id: str


class MessageView(BaseModel):
    """A message as the user sees it; `text` is the caption of media."""

    id: int
    date: int
    edited: bool
    edit_date: int | None
    author: str = Field(description="bot, user or service")
    sender: Author = Field(alias="from")
    text: str
    entities: list[dict[str, Any]] = Field(description="Official MessageEntity objects.")
    reply_to: int | None = Field(description="The id of the answered message.")
    keyboard: list[list[Button]]
    media: Media | None
    invoice: InvoiceView | None
    payment: PaymentView | None


class KeyLabel(BaseModel):
    text: str


class ReplyKeyboard(BaseModel):
    rows: list[list[KeyLabel]]
    resize: bool
    one_time: bool
    placeholder: str | None


class DraftView(BaseModel):
    """An unfinished answer; an empty text means "Thinking…"."""

    draft_id: int
    text: str
    entities: list[dict[str, Any]]
    can_stop: bool


class Transcript(BaseModel):
    """A chat as its user sees it."""

    chat: ChatView
    bot: BotView
    blocked: bool
    commands: list[CommandView]
    messages: list[MessageView]
    reply_keyboard: ReplyKeyboard | None
    draft: DraftView | None
    action: str | None = Field(examples=["typing"])
    stars: int | None = Field(description="Stars of the user; only in a private chat.")
