"""What a user does."""

from pydantic import BaseModel, Field

from sandbox.telegram.core.content import MAX_TEXT
from sandbox.telegram.sim.schemas.base import Body


class NewMessage(Body):
    text: str = Field(min_length=1, max_length=MAX_TEXT, examples=["/start"])
    user_id: int | None = Field(default=None, description="Who writes; needed in groups only.")


class Click(Body):
    """Name the button by its label or by its callback data."""

    message_id: int
    text: str | None = Field(default=None, description="The button's label.", examples=["Menu"])
    data: str | None = Field(default=None, description="The button's callback data.")
    wait: float = Field(default=10, ge=0, le=60, description="Seconds to wait for the answer.")
    user_id: int | None = Field(default=None, description="Who presses; needed in groups only.")


class NewPayment(Body):
    """Name the invoice by its message, or by the link that leads to it."""

    message_id: int | None = None
    link: str | None = Field(default=None, examples=["https://t.me/$abc"])
    user_id: int | None = Field(default=None, description="Who pays; needed in groups only.")


class PaymentOutcome(BaseModel):
    """The receipt, or why there is none: in the bot's words, or the error of Telegram."""

    pre_checkout_query_id: str
    receipt_id: int | None
    error: str | None = Field(examples=["BOT_PRECHECKOUT_TIMEOUT"])


class ClickResult(BaseModel):
    """What the bot answered, if it answered in time."""

    callback_query_id: str
    answered: bool
    text: str | None
    show_alert: bool
    url: str | None
