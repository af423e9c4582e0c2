"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class Balance(StatesGroup):
    main = State()
    statement = State()
    packages = State()
