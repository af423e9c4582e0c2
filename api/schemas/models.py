"""Bodies of the list of models, exactly as OpenAI has them."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.completions import Wire
from okno.llm.dto import Model


class ModelLine(Wire):
    """A model that may be asked; when it was made is not known."""

    id: Annotated[str, Field(examples=["yandexgpt"])]
    object: Literal["model"] = "model"
    created: Literal[0] = 0
    owned_by: Annotated[str, Field(examples=["yandexgpt"])]

    @classmethod
    def of(cls, model: Model) -> "ModelLine":
        return cls(id=model.id, owned_by=model.provider)


class ModelList(Wire):
    """The models, the usual one first."""

    object: Literal["list"] = "list"
    data: list[ModelLine]
