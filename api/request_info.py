"""`RequestInfo`: facts about a request and its answer, shared by middlewares and routes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from uuid import UUID

from starlette.requests import Request
from starlette.types import Scope

from okno.accounts.dto import Device, Language

_KEY = "request_info"
_MAX_DEVICE_LENGTH = 255
"""Characters of the header User-Agent."""


@dataclass(slots=True)
class RequestInfo:
    """Made by the outermost middleware; later code adds what it finds out.

    `address`: the address of the client, read from trusted proxies. `response_headers`: headers to
    add to the answer. `problem_code`: the code of the problem that was answered. `audit_id`: the
    record in the audit log. `route`: the template of the path.
    """

    request_id: str
    method: str
    path: str
    address: str
    user_agent: str
    language: Language
    is_secure: bool
    request_headers: Mapping[bytes, bytes] = field(default_factory=dict)
    started: float = field(default_factory=perf_counter)
    response_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    route: str = ""
    problem_code: str = ""
    audit_id: UUID | None = None

    @property
    def device(self) -> Device:
        return Device(self.address, self.user_agent[:_MAX_DEVICE_LENGTH])

    def attach(self, scope: Scope) -> None:
        """Put this object where `request_info_in` finds it."""
        scope.setdefault("state", {})[_KEY] = self


def request_info_in(scope: Scope) -> RequestInfo:
    """Return the object that the outermost middleware has made."""
    info: RequestInfo = scope["state"][_KEY]
    return info


def request_info_of(request: Request) -> RequestInfo:
    return request_info_in(request.scope)


async def current_request_info(request: Request) -> RequestInfo:
    """Return the object as a dependency; async, because FastAPI runs others in threads."""
    return request_info_of(request)
