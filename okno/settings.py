"""Every setting of Okno, read once at start; `.env.example` lists and explains them."""

import re
from dataclasses import dataclass

from pydantic import SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from okno.accounts.config import AccountsSettings
from okno.kit.settings import (
    LogSettings,
    Port,
    PostgresSettings,
    RedisSettings,
    Section,
    load,
)

_ADDRESS = re.compile(r"https?://[\w.\[\]:-]+(/[\w./~%-]*)?")


class TelegramSettings(Section):
    """How the bot talks to Telegram: with a webhook address by webhook, without by long polling."""

    model_config = SettingsConfigDict(env_prefix="TELEGRAM_")

    bot_token: SecretStr
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    api_base: str = "https://api.telegram.org"

    @field_validator("webhook_url", "api_base")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError("an address such as https://bot.example.org/webhook is needed")
        return value


class ServerSettings(Section):
    """Where the process listens: webhook, /health and /metrics."""

    model_config = SettingsConfigDict(env_prefix="SERVER_")

    host: str = "127.0.0.1"
    port: Port = 8080


@dataclass(frozen=True, slots=True)
class Settings:
    """All groups of settings together."""

    telegram: TelegramSettings
    server: ServerSettings
    postgres: PostgresSettings
    redis: RedisSettings
    log: LogSettings
    accounts: AccountsSettings


def load_settings() -> Settings:
    """Read the environment; raises `StartupError` naming what is missing."""
    return Settings(
        telegram=load(TelegramSettings),
        server=load(ServerSettings),
        postgres=load(PostgresSettings),
        redis=load(RedisSettings),
        log=load(LogSettings),
        accounts=load(AccountsSettings),
    )
