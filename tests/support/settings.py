"""The settings of all programs at once, as the tests have them."""

from api import config as api
from okno.kit.settings import Settings
from okno.settings import load_settings
from tgbot import config as tgbot
from worker import config as worker


def load_all_settings() -> Settings:
    """Read every section of every program."""
    return load_settings(*dict.fromkeys((*api.SECTIONS, *tgbot.SECTIONS, *worker.SECTIONS)))
