"""The meaning of a link that a bot writes: a page, a user, a custom emoji or a time."""

import re
from typing import Any

from sandbox.telegram.entities.dates import date_time_format
from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.urls import LinkError, check_url

_MAX_USER_ID = 2**40 - 1
_MAX_INT32 = 2**31 - 1
_MAX_INT64 = 2**63 - 1
_TG_LINK = re.compile(r"tg:(?://)?(\w+)/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")


def link_entity(url: str, offset: int, length: int) -> Entity | None:
    """Make a link or a mention; return None if Telegram refuses the URL."""
    user_id = mentioned_user(url)
    if user_id:
        return Entity("text_mention", offset, length, mention_of(user_id))
    try:
        return Entity("text_link", offset, length, {"url": check_url(url)})
    except LinkError:
        return None


def mention_of(user_id: int) -> dict[str, Any]:
    """Return the fields of a `text_mention`; the chat completes the user later."""
    return {"user": {"id": user_id, "is_bot": False, "first_name": ""}}


def mentioned_user(url: str) -> int | None:
    """Return the user id of a tg://user?id=… link."""
    user_id = exact_integer(_parameters(url, "user").get("id", ""))
    return user_id if user_id and 0 < user_id <= _MAX_USER_ID else None


def linked_emoji(url: str) -> str | None:
    """Return the custom emoji of a tg://emoji?id=… link."""
    return custom_emoji_id(_parameters(url, "emoji").get("id", ""))


def linked_moment(url: str) -> dict[str, Any] | None:
    """Return the fields of a `date_time` entity from a tg://time?unix=…&format=… link."""
    parameters = _parameters(url, "time")
    unix_time = exact_integer(parameters.get("unix", ""))
    letters = date_time_format(parameters.get("format", ""))
    if unix_time is None or not 0 < unix_time <= _MAX_INT32 or letters is None:
        return None
    return {"unix_time": unix_time, "date_time_format": letters}


def custom_emoji_id(text: str) -> str | None:
    """Return the identifier as Telegram writes it, or None if it is 0 or no 64-bit integer."""
    number = exact_integer(text)
    return str(number) if number and abs(number) <= _MAX_INT64 else None


def exact_integer(text: str) -> int | None:
    """Read a decimal number without a plus sign or leading zeros."""
    return int(text) if _INTEGER.fullmatch(text) else None


def _parameters(url: str, host: str) -> dict[str, str]:
    """Return the query of a tg://<host>?… link; it is empty for other URLs."""
    link = _TG_LINK.match(url)
    if not link or link[1].lower() != host:
        return {}
    pairs = (parameter.partition("=") for parameter in link[2].split("&"))
    return {name: value for name, _, value in pairs}
