"""Turns the Markdown of a model into messages of Telegram: plain text with entities.

See docs/adr/0007-markdown-to-entities.md.
"""

from dialogs.kit.markdown.html import to_html
from dialogs.kit.markdown.part import Part
from dialogs.kit.markdown.preview import Preview
from dialogs.kit.markdown.render import render

__all__ = ["Part", "Preview", "render", "to_html"]
