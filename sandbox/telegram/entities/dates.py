"""The format of a `date_time` entity, which selects the parts of the time that a client shows."""

import re

_PARTS = re.compile(r"[tTdDwW]*")


def date_time_format(letters: str) -> str | None:
    """Return the format as Telegram stores it, or None if it has an unknown letter.

    `r` is relative time and stands alone. Otherwise the order is day of week, date, time. A short
    form (`d`, `t`) has precedence over a long one (`D`, `T`).
    """
    if letters in {"r", "R"}:
        return "r"
    if not _PARTS.fullmatch(letters):
        return None
    day_of_week = "w" if set(letters) & {"w", "W"} else ""
    return day_of_week + _form(letters, "d") + _form(letters, "t")


def _form(letters: str, short: str) -> str:
    return next((form for form in (short, short.upper()) if form in letters), "")
