"""The format of a `date_time` entity: which parts of the moment a client shows."""

import re

_PARTS = re.compile(r"[tTdDwW]*")


def date_time_format(letters: str) -> str | None:
    """The format as Telegram gives it back, or None if it has an unknown letter.

    `r` is relative time and stands alone. Otherwise the parts come in the order day of week, date,
    time; of a short (`d`, `t`) and a long (`D`, `T`) form the short one wins.
    """
    if letters in {"r", "R"}:
        return "r"
    if not _PARTS.fullmatch(letters):
        return None
    day_of_week = "w" if set(letters) & {"w", "W"} else ""
    return day_of_week + _form(letters, "d") + _form(letters, "t")


def _form(letters: str, short: str) -> str:
    return next((form for form in (short, short.upper()) if form in letters), "")
