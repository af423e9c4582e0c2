"""The packages for sale: `packages.toml`, read once at start."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from okno.accounts.dto import Language
from okno.billing.dto import Package
from okno.kit.errors import StartupError

Title = Annotated[str, Field(min_length=1, max_length=32)]
"""The maximum of an invoice's title: core.telegram.org/bots/api#sendinvoice."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    stars: Annotated[int, Field(ge=1, le=100_000)]
    tokens: Annotated[int, Field(ge=1, le=10**12)]
    name: dict[Annotated[Language, Field(strict=False)], Title]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    packages: list[_Entry]


class PackageCatalogue:
    """The packages in the order of the file."""

    def __init__(self, packages: tuple[Package, ...]) -> None:
        self.packages = packages

    def find(self, package_id: str) -> Package | None:
        return next((package for package in self.packages if package.id == package_id), None)


def load_packages(path: Path) -> PackageCatalogue:
    """Read the file. Raises `StartupError`, which names every mistake and its place."""
    try:
        entries = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).packages
    except ValidationError as error:
        raise StartupError(f"{path} is wrong: {_explain(error)}") from None
    except (OSError, ValueError) as error:  # also what is neither UTF-8 nor TOML
        raise StartupError(f"{path} can't be read: {error}") from None
    _check(path, entries)
    return PackageCatalogue(
        tuple(Package(entry.id, entry.stars, entry.tokens, entry.name) for entry in entries)
    )


def _check(path: Path, entries: list[_Entry]) -> None:
    ids = [entry.id for entry in entries]
    for entry in entries:
        if ids.count(entry.id) > 1:
            raise StartupError(f"{path} is wrong: there are two packages {entry.id!r}")
        if missing := set(Language) - set(entry.name):
            languages = ", ".join(sorted(missing))
            raise StartupError(f"{path} is wrong: {entry.id!r} has no name in {languages}")


def _explain(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    )
