"""Lists that are read page by page.

The service is asked for one page. The scroll of the list keeps its number.
"""

from typing import Any

from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.kbd import NextPage, PrevPage, Row, StubScroll
from aiogram_dialog.widgets.text import Text

from okno.kit.page import Page

LAST_PAGE = 1_000_000
"""A number beyond the end of any list: services answer with the last page."""


def pager(scroll: str, previous: Text, following: Text) -> Row:
    """Make the buttons that turn the pages; `page_of` gives their data.

    On the first and the last page only one of them is shown.
    """
    return Row(
        StubScroll(id=scroll, pages="pages"),  # shows nothing, keeps the page
        PrevPage(scroll=scroll, id=f"{scroll}_prev", text=previous, when=_is_not_first),
        NextPage(scroll=scroll, id=f"{scroll}_next", text=following, when=_is_not_last),
    )


def page_number(manager: DialogManager, scroll: str) -> int:
    """Return the number of the page that was asked for, from 0."""
    number = manager.current_context().widget_data.get(scroll)
    return number if isinstance(number, int) else 0


def turn_to(manager: DialogManager, scroll: str, page: int) -> None:
    manager.current_context().widget_data[scroll] = page


def page_of(manager: DialogManager, scroll: str, page: Page[Any]) -> dict[str, int]:
    """Return the data for the pager and for "page 2 of 5"; the list may have become shorter."""
    turn_to(manager, scroll, page.number)
    return {"page": page.number + 1, "pages": page.count}


def _is_not_first(data: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return bool(data["current_page"] > 0)


def _is_not_last(data: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return bool(data["current_page"] < data["pages"] - 1)
