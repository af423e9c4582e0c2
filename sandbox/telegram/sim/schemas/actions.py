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


class ClickResult(BaseModel):
    """What the bot answered, if it answered in time."""

    callback_query_id: str
    answered: bool
    text: str | None
    show_alert: bool
    url: str | None
