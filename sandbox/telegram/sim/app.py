"""The sim API as a web application. Its documentation at /sim/docs needs no internet."""

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from sandbox.telegram.errors import SimError
from sandbox.telegram.gateway import ApiGateway
from sandbox.telegram.sim.body_limit import BodyLimit
from sandbox.telegram.sim.events import EventStreams
from sandbox.telegram.sim.routes.chat import chat_router
from sandbox.telegram.sim.routes.control import control_router
from sandbox.telegram.sim.routes.people import people_router
from sandbox.telegram.sim.routes.view import view_router
from sandbox.telegram.sim.schemas.base import Refusal
from sandbox.telegram.wire.body import MAX_BODY
from sandbox.web.validation import refuse_unreadable


def create_sim(gateway: ApiGateway, streams: EventStreams) -> ASGIApp:
    app: FastAPI = FastAPIOffline(
        title="Telegram emulator: the users' side",
        description="Acts for the users of the bot, and shows the calls of the bot.",
        version="1",
        redoc_url=None,
        max_body_size=MAX_BODY,
        responses={"4XX": {"model": Refusal, "description": "The action is not possible"}},
    )
    app.include_router(people_router(gateway.emulator))
    app.include_router(chat_router(gateway.emulator))
    app.include_router(view_router(gateway.emulator, streams))
    app.include_router(control_router(gateway))

    _add_refusals(app)
    refuse_unreadable(app)
    return BodyLimit(app)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(SimError)
    async def refuse(_request: Request, error: SimError) -> JSONResponse:
        return JSONResponse({"detail": error.detail}, error.status)
