"""The effect of a signal depends on when it comes."""

import asyncio

from okno.kit.program import StopSignals


async def test_the_first_signal_ends_the_work_cleanly_and_the_second_at_once() -> None:
    reached: list[str] = []

    async def work() -> None:
        signals = StopSignals()
        signals.working = True
        asyncio.get_running_loop().call_soon(signals.received)
        await signals.stop.wait()
        reached.append("clean end")
        asyncio.get_running_loop().call_soon(signals.received)
        await asyncio.Event().wait()
        reached.append("never")

    (outcome,) = await asyncio.gather(work(), return_exceptions=True)

    assert reached == ["clean end"]
    assert isinstance(outcome, asyncio.CancelledError)


async def test_a_signal_during_the_start_cancels_it() -> None:
    async def start() -> None:
        signals = StopSignals()
        asyncio.get_running_loop().call_soon(signals.received)
        await asyncio.Event().wait()

    (outcome,) = await asyncio.gather(start(), return_exceptions=True)

    assert isinstance(outcome, asyncio.CancelledError)
