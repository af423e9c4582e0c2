"""A bank without users."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from tests.support.bank import Bank


@pytest.fixture
async def bank(settings: Settings, clean: None) -> AsyncIterator[Bank]:
    """A bank whose books must be right at the end of the test, too."""
    bank = Bank(settings, connections=25)
    yield bank
    await bank.expect_correct_books()
    await bank.close()
