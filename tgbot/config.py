"""Settings of the bot."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from okno.kit.settings import Address, Port, Section


class TelegramSettings(Section):
    """The connection to Telegram: by webhook if `webhook_url` is set, else by long polling."""

    model_config = SettingsConfigDict(env_prefix="TELEGRAM_")

    bot_token: SecretStr
    webhook_url: Address | None = None
    webhook_secret: SecretStr | None = None
    api_base: Address = "https://api.telegram.org"


class ServerSettings(Section):
    """The address of webhook, /health and /metrics."""

    model_config = SettingsConfigDict(env_prefix="SERVER_")

    host: str = "127.0.0.1"
    port: Port = 8080


class SupportSettings(Section):
    """`contact`: shown to users with questions about payments, such as @somebody or an address."""

    model_config = SettingsConfigDict(env_prefix="SUPPORT_")

    contact: Annotated[str, Field(max_length=200)] | None = None


SECTIONS: tuple[type[Section], ...] = (TelegramSettings, ServerSettings, SupportSettings)
