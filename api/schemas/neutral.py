"""Fields of a published interface that are known, but have one value that means nothing special."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True)
class Neutral:
    """Lets these values pass, which ask for nothing, and refuses all others by saying so."""

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
    """Let null pass, and these values."""
    return Neutral(values)
