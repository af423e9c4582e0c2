"""Every button of every window works after the bot was restarted."""

import pytest

from sandbox.llm import LanguageModelEmulator
from tests.support.places import ALL_PLACES, OUTDATED, Place
from tests.support.stage import Stage

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("place", ALL_PLACES, ids=str)
async def test_every_button_works_after_a_restart(
    shared_stage: Stage, language_models: LanguageModelEmulator, place: Place
) -> None:
    people = await place.visitors(shared_stage, language_models)
    await shared_stage.restart()

    for person, label in zip(people, people[0].labels, strict=False):
        popup = await person.press(label)
        await shared_stage.answered()

        assert popup is not None, label
        assert popup.text != OUTDATED, f"{label} was taken for a stale button"
