"""The controls for tests: calls, faults, reset, health."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from sandbox.telegram.faults import Fault
from sandbox.telegram.gateway import ApiGateway
from sandbox.telegram.sim.schemas.control import Calls, Faults, Health, NewFault


def control_router(gateway: ApiGateway) -> APIRouter:
    router = APIRouter(tags=["control"])
    emulator = gateway.emulator

    @router.get("/calls", response_model=Calls)
    async def list_calls(method: str | None = None) -> dict[str, Any]:
        """Lists the Bot API calls, oldest first; `method` selects one method in any case."""
        return {"calls": [call.view() for call in emulator.calls(method)]}

    @router.post("/faults", status_code=201)
    async def add_fault(new: NewFault) -> NewFault:
        """Scripts a fault for the next calls."""
        emulator.add_fault(Fault(**new.model_dump()))
        return new

    @router.get("/faults", response_model=Faults)
    async def list_faults() -> dict[str, Any]:
        """Lists the faults that have not happened yet, with the remaining times."""
        return {"faults": [asdict(fault) for fault in emulator.faults]}

    @router.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        """Removes all faults."""
        emulator.clear_faults()

    @router.post("/reset", status_code=204)
    async def reset() -> None:
        """Forgets users and their chats, but not the settings of the bot."""
        emulator.reset()

    @router.get("/health")
    async def health() -> Health:
        """Shows whether a bot is connected."""
        has_webhook = bool(emulator.world.webhook.url)
        return Health(status="ok", polling=gateway.is_polling, webhook=has_webhook)

    return router
