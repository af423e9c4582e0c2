"""The names that a constant may not have."""

VAGUE = ("AT_ONCE", "LEAST", "LONGEST", "MOST", "PATIENCE")
"""They need a subject and a unit: `MAX_OPEN_ANSWERS`, `END_TIMEOUT_SECONDS`."""


def is_vague(name: str) -> bool:
    return name.lstrip("_") in VAGUE
