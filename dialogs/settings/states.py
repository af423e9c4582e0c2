"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class Settings(StatesGroup):
    main = State()
    language = State()
    access = State()
    delete = State()
    delete_sure = State()
