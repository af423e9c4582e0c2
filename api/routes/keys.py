"""API keys, by which programs act for their owner."""

from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path

from api.auth import OwnCaller
from api.problems import problems
from api.schemas.fields import Id
from api.schemas.keys import KeyLine, Keys, NewKey, WantedKey
from okno.accounts.errors import ApiKeyNotFound, NameEmpty, TooManyApiKeys, UserNotFound
from okno.accounts.service import ApiKeysService
from okno.billing.errors import AmountInvalid
from okno.billing.service import BillingService

router = APIRouter(prefix="/api/keys", tags=["keys"], route_class=DishkaRoute)


@router.get("", summary="List the API keys")
async def list_keys(
    caller: OwnCaller, keys: FromDishka[ApiKeysService], billing: FromDishka[BillingService]
) -> Keys:
    """List one's keys that are good, without their secrets."""
    own = await keys.list(caller.actor)
    budgets = await billing.budgets(caller.actor, [key.id for key in own])
    return Keys(keys=[KeyLine.of(key, budgets.get(key.id)) for key in own])


@router.post(
    "",
    status_code=201,
    summary="Make an API key",
    responses=problems(AmountInvalid, NameEmpty, TooManyApiKeys, UserNotFound),
)
async def create_key(
    body: WantedKey, caller: OwnCaller, keys: FromDishka[ApiKeysService]
) -> NewKey:
    """Make a key for the chat, for `/v1` and for the balance; its secret is shown this once."""
    return NewKey.of(await keys.create(caller.actor, body.name, body.limit), body.limit)


@router.delete(
    "/{keyId}",
    status_code=204,
    summary="Revoke an API key",
    responses=problems(ApiKeyNotFound),
)
async def revoke_key(
    key_id: Annotated[Id, Path(alias="keyId")],
    caller: OwnCaller,
    keys: FromDishka[ApiKeysService],
) -> None:
    """Make a key good no more, for its next request already."""
    await keys.revoke(caller.actor, int(key_id))
