"""The Markdown of a model as messages of Telegram: plain text with entities, nothing lost.

See docs/adr/0007-markdown-to-entities.md.
"""

from dialogs.kit.markdown.html import to_html
from dialogs.kit.markdown.part import Part
from dialogs.kit.markdown.preview import Preview
from dialogs.kit.markdown.render import render

__all__ = ["Part", "Preview", "render", "to_html"]
