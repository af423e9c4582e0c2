"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class Registration(StatesGroup):
    language = State()
    welcome = State()
