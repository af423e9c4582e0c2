"""A bot's formatted text as Telegram understands it: plain text plus entities, or a refusal.

Each parse mode has its module, which follows the parser of TDLib (MessageEntity.cpp), the library
that the official Bot API server is built on; `formatting` puts the steps together.
"""

from sandbox.telegram.entities.errors import EntityError
from sandbox.telegram.entities.formatting import FormattedText, format_text
from sandbox.telegram.entities.utf16 import utf16_length, utf16_slice

__all__ = ["EntityError", "FormattedText", "format_text", "utf16_length", "utf16_slice"]
