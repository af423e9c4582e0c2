"""The states of this dialog."""

from aiogram.fsm.state import State, StatesGroup


class Keys(StatesGroup):
    main = State()
    name = State()
    limit = State()
    key = State()
    revoke = State()
