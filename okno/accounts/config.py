"""Settings of the accounts capability."""

from typing import Annotated

from pydantic import field_validator
from pydantic_settings import NoDecode

from okno.kit.settings import Section


class AccountsSettings(Section):
    """`ADMIN_TELEGRAM_IDS`: Telegram ids, separated by commas, that have the admin role."""

    admin_telegram_ids: Annotated[frozenset[int], NoDecode] = frozenset()

    @field_validator("admin_telegram_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [item for item in value.replace(",", " ").split() if item]
        return value
