"""Reading updates one by one: what aiogram can't read must not hold up the others.

Telegram invents kinds of updates and fields faster than a library learns them.
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
    """`getUpdates`, unread."""

    __returning__ = list[RawUpdate]


def read_update(raw: RawUpdate, bot: Bot) -> Update | None:
    """Read an update; None, and a line in the log, when it is of no kind that aiogram knows."""
    try:
        update = Update.model_validate(raw, context={"bot": bot})
        _ = update.event_type
    except (ValidationError, UpdateTypeLookupError) as error:
        # The content is somebody's message: it does not belong into the log.
        log.error(  # noqa: TRY400
            "update not readable",
            update_id=raw.get("update_id"),
            kinds=sorted(raw.keys() - {"update_id"}),
            reason=type(error).__name__,
        )
        return None
    return update
