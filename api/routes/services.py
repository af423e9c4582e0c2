"""Services and their keys, for administrators."""

from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path

from api.auth import AdminCaller
from api.problems import problems
from api.schemas.fields import Id
from api.schemas.services import (
    KeyId,
    NewService,
    NewServiceKey,
    ServiceKeyLine,
    ServiceLine,
    Services,
)
from okno.accounts.errors import (
    PublicKeyInvalid,
    ServiceKeyNotFound,
    ServiceKeyTaken,
    ServiceNameInvalid,
    ServiceNameTaken,
    ServiceNotFound,
    TooManyServiceKeys,
)
from okno.accounts.service import ServicesService

router = APIRouter(prefix="/api/admin/services", tags=["admin"], route_class=DishkaRoute)


@router.get("", summary="List the services")
async def list_services(caller: AdminCaller, services: FromDishka[ServicesService]) -> Services:
    """List all services by their names, with the keys that are good."""
    return Services(services=[ServiceLine.of(one) for one in await services.list(caller.actor)])


@router.post(
    "",
    status_code=201,
    summary="Register a service",
    responses=problems(ServiceNameInvalid, ServiceNameTaken, PublicKeyInvalid, ServiceKeyTaken),
)
async def register_service(
    body: NewService, caller: AdminCaller, services: FromDishka[ServicesService]
) -> ServiceLine:
    """Register a program that makes users and acts for them, within its scopes."""
    service = await services.register(caller.actor, body.name, body.public_key, body.scopes)
    return ServiceLine.of(service)


@router.post(
    "/{serviceId}/keys",
    status_code=201,
    summary="Add a key of a service",
    responses=problems(ServiceNotFound, PublicKeyInvalid, TooManyServiceKeys, ServiceKeyTaken),
)
async def add_service_key(
    body: NewServiceKey,
    service_id: Annotated[Id, Path(alias="serviceId")],
    caller: AdminCaller,
    services: FromDishka[ServicesService],
) -> ServiceKeyLine:
    """Add a second valid key, so that the first one can be replaced."""
    key = await services.add_key(caller.actor, int(service_id), body.public_key)
    return ServiceKeyLine.of(key)


@router.delete(
    "/{serviceId}/keys/{keyId}",
    status_code=204,
    summary="Revoke a key of a service",
    responses=problems(ServiceNotFound, ServiceKeyNotFound),
)
async def revoke_service_key(
    service_id: Annotated[Id, Path(alias="serviceId")],
    key_id: Annotated[KeyId, Path(alias="keyId")],
    caller: AdminCaller,
    services: FromDishka[ServicesService],
) -> None:
    """Revoke a key and the tokens that were issued for its assertions."""
    await services.revoke_key(caller.actor, int(service_id), key_id)
