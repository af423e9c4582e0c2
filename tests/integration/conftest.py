"""Tests of capabilities on real servers: their transactions lock rows in one order."""

from collections.abc import Iterator

import pytest

from tests.support.lock_order import LockRecorder


@pytest.fixture(autouse=True)
def _locks_in_order(lock_recorder: LockRecorder) -> Iterator[None]:
    """Fail the test whose transactions lock rows in another order than all others."""
    lock_recorder.violations.clear()
    yield
    assert lock_recorder.violations == []
