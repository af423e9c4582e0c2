"""The controls as an application; its documentation at /sim/llm/docs needs no internet."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi_offline import FastAPIOffline

from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.settings import Limits, Pace
from sandbox.llm.sim.schemas import Faults, LimitsBody, NewFault, PaceBody, Requests
from sandbox.web.validation import refuse_unreadable


def create_sim(emulator: LanguageModelEmulator) -> FastAPI:
    app: FastAPI = FastAPIOffline(
        title="Emulated language models: the controls",
        description="Look at what was asked, set the pace, order faults.",
        version="1",
        redoc_url=None,
    )
    _add_faults(app, emulator)
    _add_settings(app, emulator)
    refuse_unreadable(app)

    @app.get("/requests", response_model=Requests)
    async def list_requests(
        cut: Annotated[int | None, Query(ge=0, description="Characters of a text.")] = None,
        last: Annotated[int, Query(ge=1, description="How many of the newest.")] = 50,
    ) -> dict[str, Any]:
        """The newest, oldest first; the emulator keeps 500. `cut` shortens long texts."""
        requests = [asdict(request) for request in emulator.requests()[-last:]]
        for request in requests:
            for message in request["messages"]:
                message["text"] = message["text"][:cut]
        return {"requests": requests}

    @app.post("/reset", status_code=204)
    async def reset() -> None:
        """Forgets requests and faults; pace and limits are again those of the start."""
        emulator.reset()

    return app


def _add_faults(app: FastAPI, emulator: LanguageModelEmulator) -> None:
    @app.post("/faults", status_code=201)
    async def add_fault(new: NewFault) -> NewFault:
        """Scripts trouble for requests to come."""
        emulator.add_fault(new.fault())
        return new

    @app.get("/faults", response_model=Faults)
    async def list_faults() -> dict[str, Any]:
        """Those that have not happened yet, with the times that are left."""
        return {"faults": [asdict(fault) for fault in emulator.faults()]}

    @app.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        """Trouble is over."""
        emulator.clear_faults()

    @app.post("/release", status_code=204)
    async def release() -> None:
        """Lets the answers that stall now go on."""
        emulator.release()


def _add_settings(app: FastAPI, emulator: LanguageModelEmulator) -> None:
    @app.get("/pace", response_model=PaceBody)
    async def show_pace() -> Pace:
        """How fast the models are."""
        return emulator.pace

    @app.post("/pace")
    async def set_pace(new: PaceBody) -> PaceBody:
        """For requests to come."""
        emulator.pace = Pace(**new.model_dump())
        return new

    @app.get("/limits", response_model=LimitsBody)
    async def show_limits() -> Limits:
        """How much YandexGPT lets through."""
        return emulator.limits

    @app.post("/limits")
    async def set_limits(new: LimitsBody) -> LimitsBody:
        """For requests to come."""
        emulator.limits = Limits(**new.model_dump())
        return new
