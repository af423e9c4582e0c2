"""Decides which addresses can stand behind a text; the others are shown."""

import re

from markdown_it.common.normalize_url import normalizeLink

# Stricter than TDLib's `LinkManager::check_link`: an entity whose address Telegram dislikes makes
# it refuse the whole message.
_TAKEN = re.compile(
    r"(?:https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?(?:[/?#][!-~]*)?"
    r"|tg://[a-z]+(?:\?[!-~]*)?)",
    re.IGNORECASE | re.ASCII,
)
_MAX_ADDRESS_LENGTH = 2048


def target(address: str) -> str | None:
    """Return the address as an entity can hold it; None when it has to be shown instead."""
    written = normalizeLink(address)
    return written if len(written) <= _MAX_ADDRESS_LENGTH and _TAKEN.fullmatch(written) else None
