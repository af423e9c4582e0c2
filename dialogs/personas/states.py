"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class Personas(StatesGroup):
    main = State()
