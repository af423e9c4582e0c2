"""What is known of one request and of its answer: one object for all who have to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from uuid import UUID

from starlette.requests import Request
from starlette.types import Scope

from okno.accounts.dto import Device, Language

_KEY = "exchange"
_LONGEST_NAME = 255
"""Characters of a User-Agent that are kept."""


@dataclass(slots=True)
class RequestInfo:
    """Made by the outermost middleware; filled in by whoever learns something.

    `given`: the headers of the request. `address`: of the client, which trusted proxies tell.
    `headers`: what the answer is given besides its own. `code`: of the problem that is the answer.
    `audit_id`: of what is written down about it. `route`: the template of its path.
    """

    request_id: str
    method: str
    path: str
    address: str
    user_agent: str
    language: Language
    is_secure: bool
    given: Mapping[bytes, bytes] = field(default_factory=dict)
    started: float = field(default_factory=perf_counter)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    route: str = ""
    code: str = ""
    audit_id: UUID | None = None

    @property
    def device(self) -> Device:
        return Device(self.address, self.user_agent[:_LONGEST_NAME])

    def attach(self, scope: Scope) -> None:
        """Let `request_info_in` find it."""
        scope.setdefault("state", {})[_KEY] = self


def request_info_in(scope: Scope) -> RequestInfo:
    """Return what the outermost middleware has made for this request."""
    info: RequestInfo = scope["state"][_KEY]
    return info


def request_info_of(request: Request) -> RequestInfo:
    return request_info_in(request.scope)


async def current_request_info(request: Request) -> RequestInfo:
    """Return it as a dependency. A coroutine: FastAPI would send a plain function to a thread."""
    return request_info_of(request)
