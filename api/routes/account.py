"""One's own account."""

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter

from api.auth import OwnCaller
from api.problems import problems
from api.schemas.account import Me
from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService

router = APIRouter(prefix="/api/me", tags=["account"], route_class=DishkaRoute)


@router.get("", summary="Show one's own account", responses=problems(UserNotFound))
async def show_me(caller: OwnCaller, accounts: FromDishka[AccountsService]) -> Me:
    """Tell who one is, and by which ways one is recognised."""
    return Me.of(await accounts.details(caller.actor))
