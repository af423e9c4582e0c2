"""Every state of every dialog. A renamed state makes open windows stale, never dead: see `home`."""

from aiogram.fsm.state import State, StatesGroup


class Registration(StatesGroup):
    """The first contact."""

    language = State()
    welcome = State()


class Menu(StatesGroup):
    """Where every way begins and ends."""

    main = State()


class Settings(StatesGroup):
    """What a user can change about the account."""

    main = State()
    language = State()
    delete = State()
    delete_sure = State()


class Help(StatesGroup):
    """What the bot can do and how to ask for it."""

    main = State()
