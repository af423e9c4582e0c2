"""Settings of the language models."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from okno.kit.settings import Section

MODELS_FILE = Path(__file__).parents[2] / "models.toml"


def _fits_a_header(key: SecretStr) -> SecretStr:
    value = key.get_secret_value()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("a key has neither spaces nor letters of other alphabets")
    return key


def _is_an_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address such as https://api.openai.com/v1 is needed")
    return value


HeaderSecret = Annotated[SecretStr, AfterValidator(_fits_a_header)]
Address = Annotated[str, AfterValidator(_is_an_address)]


class YandexGptSettings(Section):
    """YandexGPT's native API: either a service account's key or a short-lived IAM token.

    `data_logging`: let the provider keep requests and answers.
    """

    model_config = SettingsConfigDict(env_prefix="YANDEXGPT_")

    api_key: HeaderSecret | None = None
    iam_token: HeaderSecret | None = None
    folder_id: str | None = None
    api_base: Address = "https://llm.api.cloud.yandex.net"
    data_logging: bool = False


class OpenAiSettings(Section):
    """A service that speaks OpenAI's chat completions; `project` is sent if it is set."""

    model_config = SettingsConfigDict(env_prefix="OPENAI_")

    api_key: HeaderSecret | None = None
    api_base: Address = "https://api.openai.com/v1"
    project: str | None = None


class LlmSettings(Section):
    """Limits of the requests to models.

    `concurrency`: requests at once to one provider. `queue_length`: requests that may wait for
    their turn. `queue_seconds`, `first_token_seconds`, `stall_seconds` and `answer_seconds` limit
    the waits: for the turn, for the first text, between two pieces of it, for the whole answer.
    """

    model_config = SettingsConfigDict(env_prefix="LLM_")

    models_file: Path = MODELS_FILE
    concurrency: Annotated[int, Field(ge=1)] = 10
    queue_length: Annotated[int, Field(ge=0)] = 200
    queue_seconds: Annotated[float, Field(gt=0)] = 120.0
    first_token_seconds: Annotated[float, Field(gt=0)] = 60.0
    stall_seconds: Annotated[float, Field(gt=0)] = 30.0
    answer_seconds: Annotated[float, Field(gt=0)] = 300.0
