"""The list of models for OpenAI's clients."""

from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path

from api.auth import ChatCaller
from api.problems import problems
from api.schemas.models import ModelLine, ModelList
from okno.assistant.errors import ModelNotOffered
from okno.llm.service import LanguageModels

router = APIRouter(prefix="/v1/models", tags=["openai"], route_class=DishkaRoute)


@router.get("", summary="List the models")
async def list_models(_caller: ChatCaller, models: FromDishka[LanguageModels]) -> ModelList:
    """Name the models of the catalogue, the usual one first."""
    return ModelList(data=[ModelLine.of(model) for model in models.models()])


@router.get("/{model}", summary="Find a model", responses=problems(ModelNotOffered))
async def get_model(
    model: Annotated[str, Path(max_length=256, examples=["yandexgpt"])],
    _caller: ChatCaller,
    models: FromDishka[LanguageModels],
) -> ModelLine:
    """Tell whether there is a model of this name."""
    if (found := models.find(model)) is None:
        raise ModelNotOffered
    return ModelLine.of(found)
