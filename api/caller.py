"""The caller of a request, and the users for whom the caller may act."""

from dataclasses import dataclass

from starlette.requests import Request

from api.activity import Activity
from api.errors import UserIdMissing
from api.request_info import request_info_of
from api.services import service_in
from okno.accounts.dto import Credential, Device, Principal
from okno.accounts.service import AuthenticationService
from okno.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller who may use the route."""

    principal: Principal
    request: Request

    @property
    def actor(self) -> Actor:
        return self.principal.actor

    @property
    def device(self) -> Device:
        return request_info_of(self.request).device

    async def acting_for(self, user_id: str) -> Actor:
        """Return the actor for a use case that concerns this user.

        Raises `Forbidden` for the id of another user unless an admin or the service of that user
        asks, and `UserNotFound`.
        """
        scope = self.request.scope
        authentication = await service_in(scope, AuthenticationService)
        actor = await authentication.act_for(self.actor, int(user_id))
        (await service_in(scope, Activity)).note(actor)
        return actor

    async def acting_for_optional(self, user_id: str | None) -> Actor:
        """Return the actor for this user; without an id, the actor that the caller is.

        Raises what `Caller.acting_for` raises, and `UserIdMissing` when a service names no user.
        """
        if user_id is not None:
            return await self.acting_for(user_id)
        if self.principal.credential is Credential.SERVICE:
            raise UserIdMissing
        return self.actor
