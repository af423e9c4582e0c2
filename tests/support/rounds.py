"""Repetitions and examples of tests that look for rare faults: few on a desk, many in CI."""

import os

import pytest

IS_CI = os.environ.get("CI") == "true"

repeated = pytest.mark.parametrize("repetition", range(10 if IS_CI else 3))
"""Runs a test again and again."""

seeds = pytest.mark.parametrize("seed", range(10 if IS_CI else 3))
"""Runs a test with other random choices each time; the same seed chooses the same."""


def examples(in_ci: int) -> int:
    """Return the number of hypothesis' examples: on a desk two fifths of those in CI."""
    return in_ci if IS_CI else in_ci * 2 // 5
