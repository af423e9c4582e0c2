"""Settings of the HTTP API."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from api.rates import RateSetting, parse_rate
from okno.kit.errors import StartupError
from okno.kit.settings import Address, Port, Section, Settings
from okno.llm.config import LlmSettings
from okno.settings import load_settings


class ApiSettings(Section):
    """The addresses of the HTTP API, its trusted proxies and its limits.

    `metrics_host`, `metrics_port`: the address of /metrics, which must not be public; port 0 means
    that there is none. `request_seconds`: the longest time of a request that is no stream.
    `grace_seconds`: the time that running requests have after SIGTERM.
    """

    model_config = SettingsConfigDict(env_prefix="API_")

    host: str = "127.0.0.1"
    port: Port = 8081
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 8083
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    cors_origins: Annotated[frozenset[str], NoDecode] = frozenset()
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    requests_at_once: Annotated[int, Field(ge=1)] = 2000
    request_seconds: Annotated[float, Field(gt=0)] = 480.0
    grace_seconds: Annotated[float, Field(ge=0)] = 20.0
    parallel_generations: Annotated[int, Field(ge=1)] = 4
    rate_user: RateSetting = parse_rate("600/minute")
    rate_key: RateSetting = parse_rate("600/minute")
    rate_service: RateSetting = parse_rate("6000/minute")
    rate_address: RateSetting = parse_rate("120/minute")
    rate_sign_in: RateSetting = parse_rate("10/minute")
    rate_register: RateSetting = parse_rate("20/hour")
    rate_refresh: RateSetting = parse_rate("60/minute")
    rate_confirmation: RateSetting = parse_rate("10/hour")

    @field_validator("cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [item for item in value.replace(",", " ").split() if item]
        return value


class BotApiSettings(Section):
    """The bot of this installation; without its token there are no links to it and no invoices."""

    model_config = SettingsConfigDict(env_prefix="TELEGRAM_")

    bot_token: SecretStr | None = None
    api_base: Address = "https://api.telegram.org"


SECTIONS: tuple[type[Section], ...] = (ApiSettings, BotApiSettings)


def load_api_settings() -> Settings:
    """Read the environment; raises `StartupError` naming what is missing or does not fit."""
    settings = load_settings(*SECTIONS)
    llm = settings[LlmSettings]
    answering = llm.queue_seconds + llm.answer_seconds
    if settings[ApiSettings].request_seconds < answering:
        raise StartupError(
            f"API_REQUEST_SECONDS must be at least {answering:.0f}: LLM_QUEUE_SECONDS and "
            "LLM_ANSWER_SECONDS. A request would end before its answer."
        )
    return settings
