"""Access to routes: dependencies that recognise the caller, and refuse callers without the right.

A route takes one of the annotated names: `async def ask(caller: ChatCaller, …)`.
"""

from typing import Annotated

import structlog
from fastapi import Depends
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from api.activity import Activity
from api.audit import Audit
from api.caller import Caller
from api.errors import TokenMissing
from api.limits import Limiter
from api.request_info import RequestInfo, request_info_of
from api.services import service_in
from okno.accounts.dto import Credential, Principal
from okno.accounts.scopes import USERS
from okno.accounts.service import AuthenticationService
from okno.assistant.scopes import CHAT, CONTEXT
from okno.billing.scopes import BILLING
from okno.kit.actor import Forbidden, Role, Scope
from okno.kit.errors import ErrorKind, OknoError

SCHEME = "bearer"
"""The name in the OpenAPI document, and the scheme of the header `Authorization`."""


class Access(SecurityBase):
    """A rule of access, used as a dependency of FastAPI.

    `scope`: the scope that a service needs; None keeps services out. `api_keys`: API keys may be
    used, too. `admins`: the route is for administrators only.
    """

    model = HTTPBearer(bearerFormat="JWT, API key or assertion")
    scheme_name = SCHEME

    def __init__(
        self, scope: Scope | None = None, *, api_keys: bool = False, admins: bool = False
    ) -> None:
        self._scope = scope
        self._api_keys = api_keys
        self._admins = admins

    async def __call__(self, request: Request) -> Caller:
        principal = await _recognise(request)
        _log_caller(principal)
        limiter = await service_in(request.scope, Limiter)
        await limiter.count_caller(request_info_of(request), principal)
        audit = await service_in(request.scope, Audit)
        await audit.begin(request, principal, is_admins=self._admins)
        if not self._admits(principal):
            raise Forbidden
        (await service_in(request.scope, Activity)).note(principal.actor)
        return Caller(principal, request)

    def _admits(self, principal: Principal) -> bool:
        match principal.credential:
            case Credential.SERVICE:
                return self._scope is not None and self._scope in principal.actor.scopes
            case Credential.API_KEY:
                return self._api_keys
            case Credential.SESSION:
                return not self._admins or principal.actor.role is Role.ADMIN


async def _recognise(request: Request) -> Principal:
    """Raise `TokenMissing`, `TokenInvalid`, `TokenExpired`, or `TooManyRequests` after many."""
    info = request_info_of(request)
    authentication = await service_in(request.scope, AuthenticationService)
    try:
        return await authentication.authenticate(_bearer_token(info))
    except OknoError as error:
        if error.kind is ErrorKind.UNAUTHENTICATED:
            await (await service_in(request.scope, Limiter)).count_address(info)
        raise


def _log_caller(principal: Principal) -> None:
    """Add the caller to every log line of this request."""
    if principal.credential is Credential.SERVICE:
        structlog.contextvars.bind_contextvars(service_id=principal.actor.service_id)
    else:
        structlog.contextvars.bind_contextvars(user_id=principal.actor.user_id)


def _bearer_token(info: RequestInfo) -> str:
    header = info.request_headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise TokenMissing
    return token.strip()


ChatCaller = Annotated[Caller, Depends(Access(CHAT, api_keys=True))]
ContextCaller = Annotated[Caller, Depends(Access(CONTEXT, api_keys=True))]
BillingCaller = Annotated[Caller, Depends(Access(BILLING, api_keys=True))]
UsersCaller = Annotated[Caller, Depends(Access(USERS))]
OwnCaller = Annotated[Caller, Depends(Access())]
AdminCaller = Annotated[Caller, Depends(Access(admins=True))]
