"""The choice of a language in the registration and the settings."""

from operator import itemgetter
from typing import Any

from aiogram_dialog.widgets.kbd import Column, Select
from aiogram_dialog.widgets.kbd.select import OnItemClick

from dialogs.kit.text import ItemLabel
from okno.accounts.dto import Account, Language


async def list_languages(account: Account, **_: object) -> dict[str, Any]:
    """Getter: every language under its own name, the present one first and marked."""
    others = [language for language in Language if language is not account.language]
    return {
        "languages": [
            {"language": language.value, "chosen": "yes" if language is account.language else "no"}
            for language in (account.language, *others)
        ]
    }


def language_buttons(on_click: OnItemClick[Select[Language], Language]) -> Column:
    return Column(
        Select(
            ItemLabel("language-name", "language", "chosen"),
            id="language",
            items="languages",
            item_id_getter=itemgetter("language"),
            type_factory=Language,
            on_click=on_click,
        )
    )
