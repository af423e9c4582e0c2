"""Bodies of user actions."""

from pydantic import BaseModel, Field

from sandbox.telegram.core.content import MAX_TEXT
from sandbox.telegram.sim.schemas.base import Body


class NewMessage(Body):
    text: str = Field(min_length=1, max_length=MAX_TEXT, examples=["/start"])
    user_id: int | None = Field(
        default=None, description="The writing user; needed only in groups."
    )


class Click(Body):
    """A click on a button, named by its label or by its callback data."""

    message_id: int
    text: str | None = Field(default=None, description="The button's label.", examples=["Menu"])
    data: str | None = Field(default=None, description="The button's callback data.")
    wait: float = Field(default=10, ge=0, le=60, description="Seconds to wait for the answer.")
    user_id: int | None = Field(
        default=None, description="The clicking user; needed only in groups."
    )


class NewPayment(Body):
    """A payment of an invoice, named by its message or by its link."""

    message_id: int | None = None
    link: str | None = Field(default=None, examples=["https://t.me/$abc"])
    user_id: int | None = Field(default=None, description="The paying user; needed only in groups.")


class PaymentOutcome(BaseModel):
    """The receipt, or the error: a text of the bot or an error of Telegram."""

    pre_checkout_query_id: str
    receipt_id: int | None
    error: str | None = Field(examples=["BOT_PRECHECKOUT_TIMEOUT"])


class ClickResult(BaseModel):
    """The answer of the bot, if it came in time."""

    callback_query_id: str
    answered: bool
    text: str | None
    show_alert: bool
    url: str | None
