"""The settings of programs: environment variables or `.env`, read once at the start."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from okno.kit.errors import StartupError
from okno.kit.secrets import keep_secret

PLACEHOLDER = "change-me"

Port = Annotated[int, Field(ge=0, le=65535)]

_ADDRESS = re.compile(r"https?://[\w.\[\]:-]+(/[\w./~%-]*)?")


def _is_an_address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("an address such as https://okno.example.org/path is needed")
    return value


Address = Annotated[str, AfterValidator(_is_an_address)]

T = TypeVar("T", bound=BaseSettings)
S = TypeVar("S", bound="Section")


class Section(BaseSettings):
    """A group of settings; each subclass names its variables by `env_prefix`.

    The logs hide its secrets from its making on.
    """

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    def model_post_init(self, _context: object, /) -> None:
        for _, value in self:
            if isinstance(value, SecretStr):
                keep_secret(value.get_secret_value())


class Settings:
    """The sections that a program has read, each found by its type."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self._sections = {type(section): section for section in sections}

    def __getitem__(self, section: type[S]) -> S:
        return cast(S, self._sections[section])

    def __iter__(self) -> Iterator[Section]:
        return iter(self._sections.values())

    def replaced(self, *sections: Section) -> "Settings":
        """Return settings with these sections in place of those of the same types."""
        return Settings([*self, *sections])


class PostgresSettings(Section):
    """The place of PostgreSQL; a host that begins with a slash is the folder of its Unix socket."""

    model_config = SettingsConfigDict(env_prefix="POSTGRES_")

    host: str
    port: Port = 5432
    user: str
    password: SecretStr = SecretStr("")
    db: str
    pool_size: Annotated[int, Field(ge=1)] = 10


class RedisSettings(Section):
    """The place of Redis or Valkey; a host that begins with a slash is its Unix socket.

    `timeout_seconds`: the time that one attempt to connect, or to get an answer, may take.
    """

    model_config = SettingsConfigDict(env_prefix="REDIS_")

    host: str
    port: Port = 6379
    password: SecretStr = SecretStr("")
    db: int = 0
    timeout_seconds: Annotated[float, Field(gt=0)] = 2.0


class LogSettings(Section):
    """Level, file and form of the logs.

    `llm_texts`: write questions and answers into the log, for debugging only.
    """

    model_config = SettingsConfigDict(env_prefix="LOG_")

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    file: Path | None = None
    format: Literal["json", "console"] = "json"
    llm_texts: bool = False


def load(section: type[T]) -> T:
    """Read one group of settings.

    Raises `StartupError` naming every variable that is missing, malformed or left as in
    `.env.example`.
    """
    file = os.environ.get("OKNO_ENV_FILE", ".env")
    try:
        settings = section(_env_file=file)
    except ValidationError as error:
        raise StartupError(_explain(section, error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{file} can't be read: {error}") from None
    for name, value in settings:
        if isinstance(value, SecretStr) and value.get_secret_value() == PLACEHOLDER:
            raise StartupError(
                f"{_variable(section, name)} still has its placeholder: set a real value."
            )
    return settings


def _explain(section: type[BaseSettings], error: ValidationError) -> str:
    problems = [
        f"{_variable(section, str(problem['loc'][0]))} "
        + ("is missing" if problem["type"] == "missing" else f"is wrong: {problem['msg']}")
        for problem in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(problems) + ". See .env.example."


def _variable(section: type[BaseSettings], field: str) -> str:
    return f"{section.model_config.get('env_prefix', '')}{field}".upper()
