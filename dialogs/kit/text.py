"""Texts of the locales as widgets.

They name the variables that they take from the getter's data, so that `make check` can compare
these with the variables of the locales.
"""

from html import escape
from typing import Any

from aiogram_dialog.api.protocols import DialogManager
from aiogram_dialog.widgets.common import WhenCondition
from aiogram_dialog.widgets.text import Text

from dialogs.kit.middleware_data import i18n_of


class Label(Text):
    """A plain text, as on a button."""

    def __init__(self, key: str, *variables: str, when: WhenCondition = None) -> None:
        super().__init__(when=when)
        self._key = key
        self._variables = variables

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        values = {name: self._value(data[name]) for name in self._variables}
        return i18n_of(manager).get(self._key, **values)

    def _value(self, value: object) -> object:
        return value


class Html(Label):
    """The text of a window: the locale may hold HTML, and the variables are escaped."""

    def _value(self, value: object) -> object:
        return escape(value, quote=False) if isinstance(value, str) else value


class ItemLabel(Label):
    """The label of one item of a list; its variables are those of the item."""

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        return await super()._render_text(data["item"], manager)


class ItemHtml(Html):
    """A line in the text of a window for one item of a list."""

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        return await super()._render_text(data["item"], manager)
