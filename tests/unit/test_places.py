"""`tests/support/places.py` shows every window with all of its buttons."""

from collections.abc import Iterator

from aiogram.fsm.state import State
from aiogram_dialog import Window
from aiogram_dialog.api.internal import Widget
from aiogram_dialog.widgets.common.when import Whenable, true_condition
from aiogram_dialog.widgets.kbd import Group, ListGroup, Select

from dialogs.balance.states import Balance
from dialogs.models.states import Models
from dialogs.personas.states import Personas
from dialogs.registration.states import Registration
from dialogs.registry import all_dialogs
from dialogs.settings.states import Settings
from tests.support.places import ALL_PLACES

SHOWN_WITHOUT_SITUATION = {
    Registration.language: "the languages are always the same",
    Settings.language: "the languages are always the same",
    Models.main: "the models are those of the catalogue",
    Personas.main: "the personas are those of the catalogue",
    Balance.packages: "the packages are those of the catalogue",
    Balance.main: "`tests/dialogs/test_balance.py` presses the button of a long statement",
    Balance.statement: "`tests/dialogs/test_balance.py` turns its pages",
}


def has_conditional_buttons(keyboard: Widget) -> bool:
    """Tell whether any button depends on the getter's data: it is a list, or has a condition."""
    return any(
        isinstance(widget, (Select, ListGroup))
        or (isinstance(widget, Whenable) and widget.condition is not true_condition)
        for widget in widgets_in(keyboard)
    )


def widgets_in(keyboard: Widget) -> Iterator[Widget]:
    yield keyboard
    if isinstance(keyboard, Group):
        for button in keyboard.buttons:
            yield from widgets_in(button)


def test_a_window_whose_buttons_depend_on_its_data_has_a_situation_that_shows_them() -> None:
    """Add a situation to `tests/support/places.py` for each state that is named here."""
    conditional: set[State] = {
        state
        for dialog in all_dialogs()
        for state, window in dialog.windows.items()
        if isinstance(window, Window) and has_conditional_buttons(window.keyboard)
    }
    in_situation = {place.state for place in ALL_PLACES if place.situation is not None}

    assert conditional - in_situation - SHOWN_WITHOUT_SITUATION.keys() == set()
    assert conditional >= SHOWN_WITHOUT_SITUATION.keys()
    assert not in_situation & SHOWN_WITHOUT_SITUATION.keys()
