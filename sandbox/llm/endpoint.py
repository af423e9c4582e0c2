"""The HTTP side of every emulated service: it logs, admits and refuses requests."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from sandbox.llm import answer_frames, shaping
from sandbox.llm.admission import Admission
from sandbox.llm.delivery import Delivery
from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.faults import FaultKind
from sandbox.llm.generation import Generation
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Call, Prompt, Provider
from sandbox.llm.request_log import LoggedRequest, Outcome

_BAD_GATEWAY: Final = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
"""

Answer: TypeAlias = Callable[[bytes, LoggedRequest], Response]


class Service(Protocol):
    """The differences between services."""

    @property
    def provider(self) -> Provider: ...

    def authenticate(self, headers: Mapping[str, str]) -> None:
        """Raises Refused for a wrong key."""
        ...

    def read(self, body: bytes) -> Prompt:
        """Raises Refused for an invalid prompt."""
        ...

    def refusal(self, refused: Refused) -> tuple[int, dict[str, Any]]:
        """Return status and body."""
        ...

    def headers(self, logged: LoggedRequest) -> dict[str, str]:
        """Return the headers of every answer."""
        ...

    def wire(self, prompt: Prompt, admission: Admission) -> answer_frames.Wire:
        """Return the format of the answer."""
        ...


class Endpoint:
    """Serves one service over HTTP."""

    def __init__(self, emulator: LanguageModelEmulator, service: Service) -> None:
        self._emulator = emulator
        self._service = service

    async def complete(self, request: Request) -> Response:
        """Answer a prompt, whole or streamed."""
        return await self.serve(request, Call.COMPLETION, self._complete)

    async def serve(self, request: Request, call: Call, answer: Answer) -> Response:
        """Log the request, check the key and call `answer` with the body."""
        logged = self._emulator.log_request(self._service.provider, call, request.headers)
        try:
            body = await request.body()
            self._service.authenticate(request.headers)
            return answer(body, logged)
        except Refused as refused:
            return self._refuse(logged, refused)
        except ClientDisconnect:
            self._emulator.end(logged, Outcome.CLIENT_GONE)
            return Response()

    def _complete(self, body: bytes, logged: LoggedRequest) -> Response:
        prompt = self._service.read(body)
        logged.note(prompt)
        generation = Generation(prompt)
        logged.input_tokens = generation.start.input_tokens
        admission = self._emulator.admit(logged, prompt.question)
        wire = self._service.wire(prompt, admission)
        if prompt.is_streamed:
            return self.deliver(
                answer_frames.stream(generation, wire, admission), admission, wire.stream_type
            )
        if admission.suffers(FaultKind.ERROR_INSIDE):
            admission.end(Outcome.BROKEN)
            raise Refused(Problem.UNAVAILABLE)
        return self.deliver(answer_frames.whole(generation, wire, admission), admission)

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
        headers = self._service.headers(admission.logged)
        return Delivery(pieces, admission, media_type=media_type, headers=headers)

    def _refuse(self, logged: LoggedRequest, refused: Refused) -> Response:
        headers = self._service.headers(logged)
        if refused.problem is Problem.BAD_GATEWAY:
            response = Response(_BAD_GATEWAY, 502, headers, "text/html")
        else:
            status, body = self._service.refusal(refused)
            response = JSONResponse(body, status, headers)
        logged.status = response.status_code
        self._emulator.end(logged, Outcome.REFUSED)
        return response
