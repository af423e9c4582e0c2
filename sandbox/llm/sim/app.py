"""The controls as a web application. Its documentation at /sim/llm/docs needs no internet."""

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
        description="Shows the requests, sets the pace and the limits, scripts faults.",
        version="1",
        redoc_url=None,
    )
    _add_faults(app, emulator)
    _add_settings(app, emulator)
    refuse_unreadable(app)

    @app.get("/requests", response_model=Requests)
    async def list_requests(
        cut: Annotated[int | None, Query(ge=0, description="Longest text, in characters.")] = None,
        last: Annotated[int, Query(ge=1, description="Number of requests.")] = 50,
    ) -> dict[str, Any]:
        """Lists the newest requests, oldest first. The emulator logs 500 requests."""
        requests = [asdict(request) for request in emulator.requests()[-last:]]
        for request in requests:
            for message in request["messages"]:
                message["text"] = message["text"][:cut]
        return {"requests": requests}

    @app.post("/reset", status_code=204)
    async def reset() -> None:
        """Forgets requests and faults; restores pace and limits."""
        emulator.reset()

    return app


def _add_faults(app: FastAPI, emulator: LanguageModelEmulator) -> None:
    @app.post("/faults", status_code=201)
    async def add_fault(new: NewFault) -> NewFault:
        """Scripts a fault for the next requests."""
        emulator.add_fault(new.fault())
        return new

    @app.get("/faults", response_model=Faults)
    async def list_faults() -> dict[str, Any]:
        """Lists the faults that have not happened yet, with the remaining times."""
        return {"faults": [asdict(fault) for fault in emulator.faults()]}

    @app.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        """Removes all faults."""
        emulator.clear_faults()

    @app.post("/release", status_code=204)
    async def release() -> None:
        """Continues the answers that stall now."""
        emulator.release()


def _add_settings(app: FastAPI, emulator: LanguageModelEmulator) -> None:
    @app.get("/pace", response_model=PaceBody)
    async def show_pace() -> Pace:
        """Shows the speed of the models."""
        return emulator.pace

    @app.post("/pace")
    async def set_pace(new: PaceBody) -> PaceBody:
        """Sets the speed for the next requests."""
        emulator.pace = Pace(**new.model_dump())
        return new

    @app.get("/limits", response_model=LimitsBody)
    async def show_limits() -> Limits:
        """Shows the limits of YandexGPT."""
        return emulator.limits

    @app.post("/limits")
    async def set_limits(new: LimitsBody) -> LimitsBody:
        """Sets the limits for the next requests."""
        emulator.limits = Limits(**new.model_dump())
        return new
