"""An update that comes again."""

import asyncio

from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.stage import Stage, open_stage


async def test_an_update_seen_twice_is_handled_once(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    stage.emulator.say(anna.id, "/menu")
    (update,) = stage.emulator.take_updates()
    await stage.deliver(update)
    before = len(anna.messages)

    await stage.deliver(update)

    assert len(anna.messages) == before


async def test_the_same_update_at_two_processes_at_once_is_handled_once(
    settings: Settings, emulator: Emulator, stage: Stage
) -> None:
    anna = stage.person()
    await anna.register()
    stage.emulator.say(anna.id, "/menu")
    (update,) = stage.emulator.take_updates()
    before = len(anna.messages)

    async with open_stage(settings, emulator) as other:
        await asyncio.gather(stage.deliver(update), other.deliver(update))

    assert len(anna.messages) == before + 1


async def test_an_update_seen_twice_is_handled_once_even_after_a_restart(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    stage.emulator.say(anna.id, "/menu")
    (update,) = stage.emulator.take_updates()
    await stage.deliver(update)
    before = len(anna.messages)
    await stage.restart()

    await stage.deliver(update)

    assert len(anna.messages) == before
