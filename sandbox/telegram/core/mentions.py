"""Mentions of users by id, for users without a username."""

from sandbox.telegram.core.chats import ChatBook
from sandbox.telegram.core.people import User
from sandbox.telegram.shapes import Wire


def with_people(content: Wire, chats: ChatBook) -> Wire:
    """Put the users into their mentions. Mentions of unknown users are dropped, as in Telegram."""
    known = {user.id: user for user in chats.users()}
    filled = dict(content)
    for field in ("entities", "caption_entities"):
        if field not in content:
            continue
        entities = [found for entity in content[field] if (found := _filled(entity, known))]
        if entities:
            filled[field] = entities
        else:
            del filled[field]
    return filled


def _filled(entity: Wire, known: dict[int, User]) -> Wire | None:
    if entity["type"] != "text_mention":
        return entity
    user = known.get(entity["user"]["id"])
    return None if user is None else {**entity, "user": user.wire()}
