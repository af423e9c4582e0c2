"""Every setting of Okno, read once at start; `.env.example` lists and explains them."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from okno.accounts.config import AccountsSettings
from okno.assistant.config import AssistantSettings
from okno.billing.config import BillingSettings
from okno.kit.errors import StartupError
from okno.kit.settings import (
    LogSettings,
    Port,
    PostgresSettings,
    RedisSettings,
    Section,
    load,
)
from okno.llm.config import LlmSettings, OpenAiSettings, YandexGptSettings

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


class WorkerSettings(Section):
    """Where the worker listens: /health and /metrics; port 0: nowhere."""

    model_config = SettingsConfigDict(env_prefix="WORKER_")

    host: str = "127.0.0.1"
    port: Port = 8082


class SupportSettings(Section):
    """`contact`: whom users turn to about payments, such as @somebody or an address."""

    model_config = SettingsConfigDict(env_prefix="SUPPORT_")

    contact: Annotated[str, Field(max_length=200)] | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All groups of settings together."""

    telegram: TelegramSettings
    server: ServerSettings
    worker: WorkerSettings
    postgres: PostgresSettings
    redis: RedisSettings
    log: LogSettings
    accounts: AccountsSettings
    llm: LlmSettings
    yandexgpt: YandexGptSettings
    openai: OpenAiSettings
    billing: BillingSettings
    assistant: AssistantSettings
    support: SupportSettings


ENDING_SECONDS = 120
"""How long storing the end of an answer may take when PostgreSQL is away."""


def load_settings() -> Settings:
    """Read the environment; raises `StartupError` naming what is missing or does not fit."""
    settings = _load()
    longest = settings.llm.queue_seconds + settings.llm.answer_seconds + ENDING_SECONDS
    if settings.billing.hold_seconds < longest:
        raise StartupError(
            f"BILLING_HOLD_SECONDS must be at least {longest:.0f}: LLM_QUEUE_SECONDS and "
            f"LLM_ANSWER_SECONDS and {ENDING_SECONDS} more. An answer would outlive its hold."
        )
    return settings


def _load() -> Settings:
    return Settings(
        telegram=load(TelegramSettings),
        server=load(ServerSettings),
        worker=load(WorkerSettings),
        postgres=load(PostgresSettings),
        redis=load(RedisSettings),
        log=load(LogSettings),
        accounts=load(AccountsSettings),
        llm=load(LlmSettings),
        yandexgpt=load(YandexGptSettings),
        openai=load(OpenAiSettings),
        billing=load(BillingSettings),
        assistant=load(AssistantSettings),
        support=load(SupportSettings),
    )
