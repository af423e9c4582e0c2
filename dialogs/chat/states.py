"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class Chat(StatesGroup):
    main = State()
    refused = State()
