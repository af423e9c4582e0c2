"""Turns a bot's formatted text into plain text with entities, or refuses it, as Telegram does.

Each parse mode has its module, which follows the parser of TDLib (MessageEntity.cpp), the library
that the official Bot API server is built on; `formatting` combines the steps.
"""

from sandbox.telegram.entities.errors import EntityError
from sandbox.telegram.entities.formatting import FormattedText, format_text
from sandbox.telegram.entities.utf16 import utf16_length, utf16_slice

__all__ = ["EntityError", "FormattedText", "format_text", "utf16_length", "utf16_slice"]
