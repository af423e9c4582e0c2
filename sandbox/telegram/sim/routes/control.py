"""What a test looks at and arranges."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from sandbox.telegram.faults import Fault
from sandbox.telegram.front import ApiFront
from sandbox.telegram.sim.schemas.control import Calls, Faults, Health, NewFault


def control_router(front: ApiFront) -> APIRouter:
    router = APIRouter(tags=["control"])
    emulator = front.emulator

    @router.get("/calls", response_model=Calls)
    async def list_calls(method: str | None = None) -> dict[str, Any]:
        """Every Bot API call, oldest first; `method` picks one method, in any case."""
        return {"calls": [call.view() for call in emulator.calls(method)]}

    @router.post("/faults", status_code=201)
    async def add_fault(new: NewFault) -> NewFault:
        """Scripts trouble for calls to come."""
        emulator.add_fault(Fault(**new.model_dump()))
        return new

    @router.get("/faults", response_model=Faults)
    async def list_faults() -> dict[str, Any]:
        """Those that have not happened yet, with the times that are left."""
        return {"faults": [asdict(fault) for fault in emulator.faults]}

    @router.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        """Trouble is over."""
        emulator.clear_faults()

    @router.post("/reset", status_code=204)
    async def reset() -> None:
        """Forgets people and what happened, not what the bot has set up."""
        emulator.reset()

    @router.get("/health")
    async def health() -> Health:
        """Whether the bot is there."""
        has_webhook = bool(emulator.world.webhook.url)
        return Health(status="ok", polling=front.is_polling, webhook=has_webhook)

    return router
