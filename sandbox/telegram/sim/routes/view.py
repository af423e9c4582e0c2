"""Views of a chat for its user."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.shapes import Wire
from sandbox.telegram.sim.events import EventStreams
from sandbox.telegram.sim.file_response import file_response
from sandbox.telegram.sim.schemas.transcript import Transcript

_STREAM_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def view_router(emulator: Emulator, streams: EventStreams) -> APIRouter:
    router = APIRouter(tags=["view"])

    @router.get("/chats/{chat_id}", response_model=Transcript)
    async def read_chat(chat_id: int) -> Wire:
        """Shows the chat as its user sees it."""
        return emulator.transcript(chat_id)

    @router.get("/chats/{chat_id}/events", response_class=StreamingResponse)
    async def events(chat_id: int) -> StreamingResponse:
        """Streams server-sent events: a snapshot of the chat, then its changes.

        After `snapshot` come `message` (new or edited), `deleted`, `draft`, `action`,
        `reply_keyboard`, `commands`, `blocked`, `stars` and `reset`.
        """
        emulator.world.chats.get(chat_id)
        return StreamingResponse(
            streams.stream(chat_id), media_type="text/event-stream", headers=_STREAM_HEADERS
        )

    @router.get("/files/{file_id}", response_class=Response)
    async def read_file(file_id: str) -> Response:
        """Returns the bytes of a sent file."""
        return file_response(emulator.world.files.get(file_id))

    return router
