"""Users of services."""

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter

from api.auth import UsersCaller
from api.parameters import CurrentRequest
from api.problems import problems
from api.schemas.users import NewUser, UserMade
from okno.accounts.errors import ExternalIdInvalid
from okno.accounts.service import ServicesService

router = APIRouter(prefix="/api/users", tags=["services"], route_class=DishkaRoute)


@router.post(
    "",
    status_code=201,
    summary="Make a user, or find one again",
    responses=problems(ExternalIdInvalid),
)
async def create_user(
    body: NewUser, caller: UsersCaller, info: CurrentRequest, services: FromDishka[ServicesService]
) -> UserMade:
    """Make a user of the calling service; the same `externalId` gives the same user."""
    user_id = await services.create_user(
        caller.actor, body.external_id, body.name, body.language or info.language
    )
    return UserMade(user_id=str(user_id))
