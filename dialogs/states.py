"""Every state of every dialog. A renamed state makes open windows stale, never dead: see `home`."""

from aiogram.fsm.state import State, StatesGroup


class Registration(StatesGroup):
    """The first contact."""

    language = State()
    welcome = State()


class Menu(StatesGroup):
    """Where every way begins and ends."""

    main = State()


class Chat(StatesGroup):
    """The conversation at hand: the last answer is the window."""

    main = State()
    refused = State()


class History(StatesGroup):
    """Past conversations: read, continued, renamed, exported, deleted, searched."""

    conversations = State()
    exchange = State()
    rename = State()
    delete = State()
    search = State()
    found = State()


class Models(StatesGroup):
    """Which model answers."""

    main = State()


class Personas(StatesGroup):
    """In which manner it answers."""

    main = State()


class Balance(StatesGroup):
    """What is left, what it was spent on, and how to top it up."""

    main = State()
    statement = State()
    packages = State()


class Settings(StatesGroup):
    """What a user can change about the account."""

    main = State()
    language = State()
    access = State()
    delete = State()
    delete_sure = State()


class Keys(StatesGroup):
    """API keys: listed, made, revoked."""

    main = State()
    name = State()
    limit = State()
    key = State()
    revoke = State()


class Confirmation(StatesGroup):
    """What is asked for over HTTP in the user's name."""

    main = State()


class Help(StatesGroup):
    """What the bot can do and how to ask for it."""

    main = State()
