"""Settings of the assistant."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from okno.kit.settings import Section


class AssistantSettings(Section):
    """`min_answer_tokens`: shorter answers are not begun; the balance must pay for so much.

    `retention_days`: conversations untouched for so long are deleted; 0 keeps them.
    """

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_")

    min_answer_tokens: Annotated[int, Field(ge=1)] = 100
    retention_days: Annotated[int, Field(ge=0)] = 0
