"""Reads updates one by one, so that an unreadable one does not hold up the others.

Telegram adds types of updates and fields before aiogram knows them.
"""

from typing import Any

import structlog
from aiogram import Bot
from aiogram.methods import GetUpdates
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

log = structlog.get_logger(__name__)

RawUpdate = dict[str, Any]


class GetRawUpdates(GetUpdates):
    """`getUpdates` with a raw reply."""

    __returning__ = list[RawUpdate]


def read_update(raw: RawUpdate, bot: Bot) -> Update | None:
    """Read an update; return None and log a line when aiogram does not know it."""
    try:
        update = Update.model_validate(raw, context={"bot": bot})
        _ = update.event_type
    except (ValidationError, UpdateTypeLookupError) as error:
        # The content may be somebody's message: it does not belong into the log.
        log.error(  # noqa: TRY400
            "update not readable",
            update_id=raw.get("update_id"),
            kinds=sorted(raw.keys() - {"update_id"}),
            reason=type(error).__name__,
        )
        return None
    return update
