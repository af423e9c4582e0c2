"""Every button of every window answers kindly when Redis has lost everything."""

import pytest

from sandbox.llm import LanguageModelEmulator
from tests.support.places import ALL_PLACES, OUTDATED, Place
from tests.support.stage import Stage

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("place", ALL_PLACES, ids=str)
async def test_every_button_leads_home_when_redis_lost_everything(
    shared_stage: Stage, language_models: LanguageModelEmulator, place: Place
) -> None:
    people = await place.visitors(shared_stage, language_models)
    windows = [person.window["text"] if place.comes_back else "Menu" for person in people]
    await shared_stage.flush_redis()

    for person, window, label in zip(people, windows, people[0].labels, strict=False):
        popup = await person.press(label)
        await shared_stage.answered()

        assert popup is not None, label
        assert popup.text == OUTDATED, label
        assert person.window["text"].startswith(window), label
