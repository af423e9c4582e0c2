"""Every setting of Okno, read once at start; `.env.example` lists and explains them."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from limits import RateLimitItem
from limits import parse as parse_rate
from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from okno.accounts.config import AccountsSettings, IdentitySettings
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
from okno.kit.timeouts import HOLD_RESERVE_SECONDS
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


def _read_rate(value: object) -> object:
    return parse_rate(value) if isinstance(value, str) else value


Rate = Annotated[RateLimitItem, BeforeValidator(_read_rate)]
"""So many in so long, such as 10/minute or 100 per 2 hours."""


class ApiSettings(Section):
    """Where the HTTP API listens, whom it trusts, and how much it takes.

    `metrics_host`, `metrics_port`: of /metrics, which strangers must not read; port 0: nowhere.
    `url`: the address that clients know it by, which tokens name as their issuer and audience.
    `request_seconds`: how long a request may take that is no stream; `grace_seconds`: how long
    those in work may go on after SIGTERM.
    """

    model_config = SettingsConfigDict(env_prefix="API_", arbitrary_types_allowed=True)

    host: str = "127.0.0.1"
    port: Port = 8081
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 8083
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    url: str = "http://127.0.0.1:8081"
    cors_origins: Annotated[frozenset[str], NoDecode] = frozenset()
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    requests_at_once: Annotated[int, Field(ge=1)] = 2000
    request_seconds: Annotated[float, Field(gt=0)] = 480.0
    grace_seconds: Annotated[float, Field(ge=0)] = 20.0
    parallel_generations: Annotated[int, Field(ge=1)] = 4
    rate_user: Rate = parse_rate("600/minute")
    rate_key: Rate = parse_rate("600/minute")
    rate_service: Rate = parse_rate("6000/minute")
    rate_address: Rate = parse_rate("120/minute")
    rate_sign_in: Rate = parse_rate("10/minute")
    rate_register: Rate = parse_rate("20/hour")
    rate_refresh: Rate = parse_rate("60/minute")
    rate_confirmation: Rate = parse_rate("10/hour")

    @field_validator("cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [item for item in value.replace(",", " ").split() if item]
        return value

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not _ADDRESS.fullmatch(value):
            raise ValueError("an address such as https://api.example.org is needed")
        return value.rstrip("/")


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
    api: ApiSettings
    postgres: PostgresSettings
    redis: RedisSettings
    log: LogSettings
    accounts: AccountsSettings
    identity: IdentitySettings
    llm: LlmSettings
    yandexgpt: YandexGptSettings
    openai: OpenAiSettings
    billing: BillingSettings
    assistant: AssistantSettings
    support: SupportSettings


def load_settings() -> Settings:
    """Read the environment; raises `StartupError` naming what is missing or does not fit."""
    settings = _load()
    answering = settings.llm.queue_seconds + settings.llm.answer_seconds
    longest = answering + HOLD_RESERVE_SECONDS
    if settings.billing.hold_seconds < longest:
        raise StartupError(
            f"BILLING_HOLD_SECONDS must be at least {longest:.0f}: LLM_QUEUE_SECONDS, "
            f"LLM_ANSWER_SECONDS and {HOLD_RESERVE_SECONDS:.0f} more. An answer would outlive its "
            "hold."
        )
    if settings.api.request_seconds < answering:
        raise StartupError(
            f"API_REQUEST_SECONDS must be at least {answering:.0f}: LLM_QUEUE_SECONDS and "
            "LLM_ANSWER_SECONDS. A request would end before its answer."
        )
    return settings


def _load() -> Settings:
    return Settings(
        telegram=load(TelegramSettings),
        server=load(ServerSettings),
        worker=load(WorkerSettings),
        api=load(ApiSettings),
        postgres=load(PostgresSettings),
        redis=load(RedisSettings),
        log=load(LogSettings),
        accounts=load(AccountsSettings),
        identity=load(IdentitySettings),
        llm=load(LlmSettings),
        yandexgpt=load(YandexGptSettings),
        openai=load(OpenAiSettings),
        billing=load(BillingSettings),
        assistant=load(AssistantSettings),
        support=load(SupportSettings),
    )
