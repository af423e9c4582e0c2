"""Settings of the accounts capability."""

from typing import Annotated, NewType

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from okno.kit.errors import StartupError
from okno.kit.settings import Address, Section

Issuer = NewType("Issuer", str)
"""The public address of the API, for which all access tokens and assertions are meant."""


class AccountsSettings(Section):
    """`ADMIN_TELEGRAM_IDS`: Telegram ids, separated by commas, that have the admin role."""

    admin_telegram_ids: Annotated[frozenset[int], NoDecode] = frozenset()

    @field_validator("admin_telegram_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [item for item in value.replace(",", " ").split() if item]
        return value


class ApiAddressSettings(Section):
    """`url`: the address that clients know the API by; tokens name it as issuer and audience."""

    model_config = SettingsConfigDict(env_prefix="API_")

    url: Address = "http://127.0.0.1:8081"

    @field_validator("url")
    @classmethod
    def _ends_without_slash(cls, value: str) -> str:
        return value.rstrip("/")


class IdentitySettings(Section):
    """`JWT_SECRET`: the secret from which all keys for access tokens are derived."""

    jwt_secret: Annotated[SecretStr, Field(min_length=32)] | None = None

    def require_secret(self) -> bytes:
        """Return the secret; raise `StartupError` when it is not set.

        Only programs that sign tokens call this, at their start.
        """
        if self.jwt_secret is None:
            raise StartupError(
                "JWT_SECRET is missing: 32 characters or more that nobody can guess, such as "
                "`openssl rand -base64 48` prints. See .env.example."
            )
        return self.jwt_secret.get_secret_value().encode()
