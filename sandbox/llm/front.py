"""What every way into a service has in common: requests are kept, admitted, refused."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from sandbox.llm import answering, shaping
from sandbox.llm.admission import Admission
from sandbox.llm.delivery import Delivery
from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.faults import FaultKind
from sandbox.llm.generation import Generation
from sandbox.llm.kept import KeptRequest, Outcome
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Call, Prompt, Provider

_BAD_GATEWAY: Final = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
"""

Answer: TypeAlias = Callable[[bytes, KeptRequest], Response]


class Service(Protocol):
    """What sets one service apart."""

    @property
    def provider(self) -> Provider: ...

    def authenticate(self, headers: Mapping[str, str]) -> None:
        """Raises Refused for a wrong key."""
        ...

    def read(self, body: bytes) -> Prompt:
        """Raises Refused for a prompt that is not valid."""
        ...

    def refusal(self, refused: Refused) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        ...

    def headers(self, kept: KeptRequest) -> dict[str, str]:
        """Those of every answer."""
        ...

    def wire(self, prompt: Prompt, admission: Admission) -> answering.Wire:
        """How the answer is written down."""
        ...


class Front:
    """One service over HTTP."""

    def __init__(self, emulator: LanguageModelEmulator, service: Service) -> None:
        self._emulator = emulator
        self._service = service

    async def complete(self, request: Request) -> Response:
        """An answer, whole or streamed."""
        return await self.serve(request, Call.COMPLETION, self._complete)

    async def serve(self, request: Request, call: Call, answer: Answer) -> Response:
        """What `answer` makes of the body; a refusal if it, or the key, is refused."""
        kept = self._emulator.keep(self._service.provider, call, request.headers)
        try:
            body = await request.body()
            self._service.authenticate(request.headers)
            return answer(body, kept)
        except Refused as refused:
            return self._refuse(kept, refused)
        except ClientDisconnect:
            self._emulator.end(kept, Outcome.CLIENT_GONE)
            return Response()

    def _complete(self, body: bytes, kept: KeptRequest) -> Response:
        prompt = self._service.read(body)
        kept.note(prompt)
        generation = Generation(prompt)
        kept.input_tokens = generation.start.input_tokens
        admission = self._emulator.admit(kept, prompt.question)
        wire = self._service.wire(prompt, admission)
        if prompt.is_streamed:
            return self.deliver(
                answering.stream(generation, wire, admission), admission, wire.stream_type
            )
        if admission.suffers(FaultKind.ERROR_INSIDE):
            admission.end(Outcome.BROKEN)
            raise Refused(Problem.UNAVAILABLE)
        return self.deliver(answering.whole(generation, wire, admission), admission)

    def deliver(
        self,
        pieces: AsyncIterator[bytes],
        admission: Admission,
        media_type: str = "application/json",
    ) -> Delivery:
        if admission.suffers(FaultKind.TORN):
            pieces = shaping.torn(pieces)
        if admission.suffers(FaultKind.GLUED):
            pieces = shaping.glued(pieces)
        headers = self._service.headers(admission.kept)
        return Delivery(pieces, admission, media_type=media_type, headers=headers)

    def _refuse(self, kept: KeptRequest, refused: Refused) -> Response:
        headers = self._service.headers(kept)
        if refused.problem is Problem.BAD_GATEWAY:
            response = Response(_BAD_GATEWAY, 502, headers, "text/html")
        else:
            status, body = self._service.refusal(refused)
            response = JSONResponse(body, status, headers)
        kept.status = response.status_code
        self._emulator.end(kept, Outcome.REFUSED)
        return response
