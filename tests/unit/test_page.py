"""Pages of longer lists."""

import pytest

from okno.kit.page import Page


@pytest.mark.parametrize(("total", "count"), [(0, 1), (1, 1), (10, 1), (11, 2)])
def test_even_an_empty_list_has_a_page(total: int, count: int) -> None:
    assert Page((), 0, total, 10).count == count


def test_changed_items_stay_on_their_page() -> None:
    assert Page((1, 2), 3, 32, 10).map(str) == Page(("1", "2"), 3, 32, 10)
