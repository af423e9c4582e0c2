"""Writes a part as HTML for the windows, since aiogram-dialog takes no entities."""

from html import escape

from aiogram.utils.text_decorations import HtmlDecoration

from dialogs.kit.markdown.part import Part


def to_html(part: Part) -> str:
    """Return HTML that Telegram turns into the same text and entities."""
    return _decoration.unparse(part.text, list(part.entities))


class _TelegramHtml(HtmlDecoration):
    """Corrects the tag of code: aiogram writes `<code language="x">`, unknown to Telegram."""

    def pre_language(self, value: str, language: str) -> str:
        return f'<pre><code class="language-{escape(language)}">{value}</code></pre>'

    def link(self, value: str, link: str) -> str:
        return f'<a href="{escape(link)}">{value}</a>'


_decoration = _TelegramHtml()
