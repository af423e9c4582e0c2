"""The models and personas that a user can choose from: `models.toml`, read once at start."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from okno.accounts.dto import Language
from okno.kit.errors import StartupError
from okno.llm.dto import Model, Persona


def _in_every_language(names: dict[Language, str]) -> dict[Language, str]:
    if missing := [language.value for language in Language if language not in names]:
        raise ValueError(f"a name is missing: {', '.join(missing)}")
    return names


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$")]
"""Short, because it is a part of the data of buttons."""
Text = Annotated[str, Field(min_length=1)]
Names = Annotated[
    dict[Language, Annotated[str, Field(min_length=1, max_length=40)]],
    AfterValidator(_in_every_language),
]
Tokens = Annotated[int, Field(gt=0)]
Factor = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


class _Entry(BaseModel):
    """A misspelt key is an error, so that no setting is lost without a word."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Price(_Entry):
    input: Factor = Field(alias="in")
    output: Factor = Field(alias="out")


class _Model(_Entry):
    id: Id
    provider: Literal["yandexgpt", "openai"]
    remote: Text
    name: Names
    context: Tokens
    answer: Tokens
    price: _Price
    enabled: bool

    @model_validator(mode="after")
    def _answer_fits(self) -> Self:
        if self.answer >= self.context:
            raise ValueError("the answer must be shorter than the context, which holds it")
        return self


class _Persona(_Entry):
    id: Id
    name: Names
    prompt: Text
    temperature: Annotated[float, Field(ge=0, le=1)]


class _File(_Entry):
    models: Annotated[list[_Model], Field(min_length=1)]
    personas: Annotated[list[_Persona], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for kind, entries in (("models", self.models), ("personas", self.personas)):
            ids = [entry.id for entry in entries]
            if repeated := {name for name in ids if ids.count(name) > 1}:
                raise ValueError(f"{kind}: the id {min(repeated)} is used twice")
        return self


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The enabled models, and the personas, in the order of the file."""

    models: tuple[Model, ...]
    personas: tuple[Persona, ...]


def load_catalogue(path: Path) -> Catalogue:
    """Read the file. Raises `StartupError`, which names every mistake and its place."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        file = _File.model_validate(values)
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{path} can't be read: {error}. Check LLM_MODELS_FILE.") from None
    except tomllib.TOMLDecodeError as error:
        raise StartupError(f"{path} is no TOML: {error}.") from None
    except ValidationError as error:
        raise StartupError(f"{path}: {'; '.join(_problems(error))}.") from None
    return Catalogue(
        models=tuple(_to_model(entry) for entry in file.models if entry.enabled),
        personas=tuple(_to_persona(entry) for entry in file.personas),
    )


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        place = ""
        for step in problem["loc"]:
            # Numbers begin at 1, as a reader counts the tables of the file.
            place += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
        message = problem["msg"].removeprefix("Value error, ")
        yield f"{place.removeprefix('.')}: {message}" if place else message


def _to_model(entry: _Model) -> Model:
    return Model(
        id=entry.id,
        provider=entry.provider,
        remote=entry.remote,
        names=entry.name,
        context_tokens=entry.context,
        answer_tokens=entry.answer,
        price_in=entry.price.input,
        price_out=entry.price.output,
    )


def _to_persona(entry: _Persona) -> Persona:
    return Persona(
        id=entry.id,
        names=entry.name,
        prompt=entry.prompt.strip(),
        temperature=entry.temperature,
    )
