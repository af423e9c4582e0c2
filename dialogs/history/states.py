"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class History(StatesGroup):
    conversations = State()
    exchange = State()
    rename = State()
    delete = State()
    search = State()
    found = State()
