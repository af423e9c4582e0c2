"""Texts in the language of the user.

The managers of aiogram-i18n need the FSM state, which background updates do not have. This one
takes the language that Telegram names. It needs no server, so that users can be told of an outage.
The middleware of the account then sets the language that the user has chosen.
"""

from functools import cache
from pathlib import Path

from aiogram.types import User
from aiogram_i18n import I18nMiddleware
from aiogram_i18n.cores import FluentRuntimeCore
from aiogram_i18n.managers import BaseManager

from okno.accounts.dto import Language

LOCALES = Path(__file__).parent.parent / "locales"


class TelegramLocale(BaseManager):
    """Reads the language. To change it is a use case of the accounts."""

    async def get_locale(self, event_from_user: User | None = None) -> str:
        return Language.propose(event_from_user.language_code if event_from_user else None)

    async def set_locale(self, locale: str) -> None:
        raise NotImplementedError("call AccountsService.change_language")


@cache
def read_texts() -> FluentRuntimeCore:
    """Read the files of all languages, once per process."""
    core = FluentRuntimeCore(path=LOCALES, default_locale=Language.EN, use_td=False)
    core.locales.update(core.find_locales())
    return core


def create_i18n() -> I18nMiddleware:
    return I18nMiddleware(core=read_texts(), manager=TelegramLocale(default_locale=Language.EN))
