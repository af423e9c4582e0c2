"""Reads the entities that a bot sends instead of markup, as the Bot API server does."""

from collections.abc import Iterable
from typing import Any

from sandbox.telegram.entities.dates import date_time_format
from sandbox.telegram.entities.entity import QUOTES, STYLES, Entity
from sandbox.telegram.entities.errors import EntityError, GivenEntityError
from sandbox.telegram.entities.links import (
    custom_emoji_id,
    exact_integer,
    mention_of,
    mentioned_user,
)
from sandbox.telegram.entities.urls import LinkError, check_url

_WITHOUT_DETAILS = STYLES | QUOTES | {"code"}
_FOUND_BY_TELEGRAM = frozenset(
    {
        *("mention", "hashtag", "cashtag", "bot_command", "url", "email"),
        *("phone_number", "bank_card_number"),
    }
)
_MAX_OFFSET = 1_000_000


def read_entities(given: Iterable[dict[str, Any]]) -> list[Entity]:
    """Read entities. Types that Telegram detects itself are left out.

    Raises EntityError, for example for an unknown type.
    """
    entities = [entity for fields in given if (entity := _read(fields))]
    for entity in entities:
        for name, value in (("offset", entity.offset), ("length", entity.length)):
            if not 0 <= value <= _MAX_OFFSET:
                raise EntityError(f"receive an entity with incorrect {name} {value}")
    return entities


def _read(fields: dict[str, Any]) -> Entity | None:
    offset, length = _integer(fields, "offset"), _integer(fields, "length")
    entity_type = _string(fields, "type")
    if entity_type in _FOUND_BY_TELEGRAM:
        return None
    if entity_type == "text_link":
        return _link(_string(fields, "url"), offset, length)
    return Entity(entity_type, offset, length, _details(entity_type, fields))


def _details(entity_type: str, fields: dict[str, Any]) -> dict[str, Any]:
    match entity_type:
        case "pre":
            language = fields.get("language")
            return {"language": str(language)} if language else {}
        case "text_mention":
            return mention_of(_integer(_object(fields, "user"), "id"))
        case "custom_emoji":
            return {"custom_emoji_id": _emoji_id(fields)}
        case "date_time":
            return _moment(fields)
        case _ if entity_type in _WITHOUT_DETAILS:
            return {}
    raise GivenEntityError("Unsupported type specified" if entity_type else "Type is not specified")


def _link(url: str, offset: int, length: int) -> Entity:
    if user_id := mentioned_user(url):
        return Entity("text_mention", offset, length, mention_of(user_id))
    try:
        return Entity("text_link", offset, length, {"url": check_url(url)})
    except LinkError as error:
        raise EntityError(f"entity URL '{url}' is invalid: {error}") from error


def _emoji_id(fields: dict[str, Any]) -> str:
    emoji_id = custom_emoji_id(str(_integer(fields, "custom_emoji_id")))
    if emoji_id is None:
        raise EntityError("invalid custom emoji identifier specified")
    return emoji_id


def _moment(fields: dict[str, Any]) -> dict[str, Any]:
    unix_time = _integer(fields, "unix_time")
    letters = date_time_format(str(fields.get("date_time_format") or ""))
    if letters is None:
        raise GivenEntityError("Invalid date-time format specified")
    if unix_time <= 0:
        raise EntityError("invalid date specified")
    return {"unix_time": unix_time, "date_time_format": letters}


def _field(fields: dict[str, Any], name: str) -> object:
    value: object = fields.get(name)
    if value is None:
        raise GivenEntityError(f'Can\'t find field "{name}"')
    return value


def _integer(fields: dict[str, Any], name: str) -> int:
    """Return a number. Telegram also accepts a number in a string."""
    value = _field(fields, name)
    if not isinstance(value, int | str) or isinstance(value, bool):
        raise GivenEntityError(f'Field "{name}" must be a Number')
    number = exact_integer(str(value))
    if number is None:
        raise GivenEntityError(f'Field "{name}" must be a valid Number')
    return number


def _string(fields: dict[str, Any], name: str) -> str:
    value = _field(fields, name)
    if not isinstance(value, str):
        raise GivenEntityError(f'Field "{name}" must be of type String')
    return value


def _object(fields: dict[str, Any], name: str) -> dict[str, Any]:
    value = _field(fields, name)
    if not isinstance(value, dict):
        raise GivenEntityError(f'Field "{name}" must be of type Object')
    return value
