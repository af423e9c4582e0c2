"""parse_mode HTML: turns tags into entities, as TDLib's `parse_html` does."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.telegram.entities.builder import Mark, TextBuilder
from sandbox.telegram.entities.dates import date_time_format
from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.errors import MarkupError
from sandbox.telegram.entities.html_reference import take_reference
from sandbox.telegram.entities.html_tag import take_end_tag, take_start_tag
from sandbox.telegram.entities.links import custom_emoji_id
from sandbox.telegram.entities.scanner import Scanner

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
}
_LANGUAGE_CLASS = "language-"
_LEADING_INTEGER = re.compile(r"[0-9]{1,10}")


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Raises MarkupError."""
    return _HtmlParser(text).parse()


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    mark: Mark


class _HtmlParser:
    def __init__(self, text: str) -> None:
        self._scanner = Scanner(text)
        self._output = TextBuilder()
        self._open: list[_OpenTag] = []
        self._closers: dict[str, Callable[[_OpenTag], None]] = {
            "a": self._close_link,
            "blockquote": self._close_quote,
            "code": self._close_code,
            "pre": self._close_pre,
            "tg-emoji": self._close_emoji,
            "tg-time": self._close_time,
        }

    def parse(self) -> tuple[str, list[Entity]]:
        while not self._scanner.at_end:
            self._output.write(self._scanner.take_until("<&"))
            if self._scanner.starts_with("</"):
                self._end_tag()
            elif self._scanner.peek() == "<":
                self._open.append(self._start_tag())
            elif self._scanner.peek() == "&":
                self._output.write(take_reference(self._scanner))
        if self._open:
            name = self._open[-1].name
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{name}"')
        text, entities = self._output.finish()
        return text, [_without_language(entity) for entity in entities]

    def _start_tag(self) -> _OpenTag:
        name, attributes = take_start_tag(self._scanner)
        return _OpenTag(name, attributes, self._output.mark())

    def _end_tag(self) -> None:
        if not self._open:
            offset = self._scanner.bytes_before(self._scanner.index)
            raise MarkupError(f"Unexpected end tag at byte offset {offset}")
        tag = self._open[-1]
        take_end_tag(self._scanner, tag.name)
        if self._output.length_since(tag.mark):
            self._close(tag)
        self._open.pop()

    def _close(self, tag: _OpenTag) -> None:
        if style := _STYLES.get(tag.name):
            self._output.add(style, tag.mark)
        else:
            self._closers[tag.name](tag)

    def _close_link(self, tag: _OpenTag) -> None:
        url = tag.attributes.get("href") or self._output.text_since(tag.mark)
        self._output.add_link(url, tag.mark)

    def _close_quote(self, tag: _OpenTag) -> None:
        expandable = "expandable" in tag.attributes
        self._output.add("expandable_blockquote" if expandable else "blockquote", tag.mark)

    def _close_code(self, tag: _OpenTag) -> None:
        """Add a code, or a `<pre>` if the code has a language and fills a `<pre>` inside it."""
        language = _language(tag)
        if language and self._last_fills(tag, "pre"):
            self._output.entities.pop()
            self._output.add("pre", tag.mark, language=language)
        else:
            self._output.add("code", tag.mark, **({"language": language} if language else {}))

    def _close_pre(self, tag: _OpenTag) -> None:
        details = {}
        if self._last_fills(tag, "code") and self._output.entities[-1].details:
            details = self._output.entities.pop().details
        self._output.add("pre", tag.mark, **details)

    def _close_emoji(self, tag: _OpenTag) -> None:
        emoji_id = custom_emoji_id(tag.attributes.get("emoji-id", ""))
        if emoji_id is None:
            raise MarkupError("Invalid custom emoji identifier specified")
        self._output.add("custom_emoji", tag.mark, custom_emoji_id=emoji_id)

    def _close_time(self, tag: _OpenTag) -> None:
        letters = date_time_format(tag.attributes.get("format", ""))
        if letters is None:
            raise MarkupError("Invalid date format used")
        digits = _LEADING_INTEGER.match(tag.attributes.get("unix", ""))
        if digits and int(digits[0]):
            unix_time = int(digits[0])
            self._output.add("date_time", tag.mark, unix_time=unix_time, date_time_format=letters)

    def _last_fills(self, tag: _OpenTag, entity_type: str) -> bool:
        """Return whether the last closed entity has this type and covers the whole tag."""
        if not self._output.entities:
            return False
        last = self._output.entities[-1]
        span = (tag.mark.offset, self._output.length_since(tag.mark))
        return last.type == entity_type and (last.offset, last.length) == span


def _language(tag: _OpenTag) -> str:
    name = tag.attributes.get("class", "")
    return name.removeprefix(_LANGUAGE_CLASS) if name.startswith(_LANGUAGE_CLASS) else ""


def _without_language(entity: Entity) -> Entity:
    """Remove the language of a code: only `<pre>` has one."""
    return replace(entity, details={}) if entity.type == "code" else entity
