"""Fields of OpenAI that Okno does not support: only values without an effect are accepted."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True)
class Neutral:
    """Accepts these values and null; refuses all others as not supported."""

    values: tuple[Any, ...]

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, core_schema.any_schema())

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"enum": [None, *self.values], "description": "Nothing else is supported."}

    def _check(self, value: object) -> object:
        if value is not None and value not in self.values:
            raise PydanticCustomError("unsupported", "this is not supported here")
        return value


def neutral(*values: object) -> Neutral:
    """Return the annotation of a field that accepts null and these values."""
    return Neutral(values)
