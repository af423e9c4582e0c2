"""Settings of billing."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from okno.kit.settings import Section

PACKAGES_FILE = Path(__file__).parents[2] / "packages.toml"


class BillingSettings(Section):
    """`welcome_tokens`: the grant to every new user; `packages_file`: the packages for sale.

    `hold_seconds`: the age at which a hold is ended, because its process has died. It must exceed
    the time of the longest answer.
    """

    model_config = SettingsConfigDict(env_prefix="BILLING_")

    packages_file: Path = PACKAGES_FILE
    welcome_tokens: Annotated[int, Field(ge=0)] = 20_000
    hold_seconds: Annotated[int, Field(ge=60)] = 900
