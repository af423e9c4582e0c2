"""Settings of the assistant."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from okno.billing.config import BillingSettings
from okno.kit.errors import StartupError
from okno.kit.settings import Section, Settings
from okno.kit.timeouts import HOLD_RESERVE_SECONDS
from okno.llm.config import LlmSettings


class AssistantSettings(Section):
    """`min_answer_tokens`: shorter answers are not begun, so the balance must pay for this many.

    `retention_days`: conversations that were untouched for this time are deleted; 0 keeps them.
    """

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_")

    min_answer_tokens: Annotated[int, Field(ge=1)] = 100
    retention_days: Annotated[int, Field(ge=0)] = 0


def check_hold(settings: Settings) -> None:
    """Raise `StartupError` when a hold could end before its answer."""
    llm = settings[LlmSettings]
    longest = llm.queue_seconds + llm.answer_seconds + HOLD_RESERVE_SECONDS
    if settings[BillingSettings].hold_seconds < longest:
        raise StartupError(
            f"BILLING_HOLD_SECONDS must be at least {longest:.0f}: LLM_QUEUE_SECONDS, "
            f"LLM_ANSWER_SECONDS and {HOLD_RESERVE_SECONDS:.0f} more. An answer would outlive its "
            "hold."
        )
