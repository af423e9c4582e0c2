"""parse_mode MarkdownV2, as in TDLib's `parse_markdown_v2`."""

from dataclasses import dataclass

from sandbox.telegram.entities.builder import Mark, TextBuilder
from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.errors import MarkupError
from sandbox.telegram.entities.links import linked_emoji, linked_moment
from sandbox.telegram.entities.markdown_pre import FENCE, take_language
from sandbox.telegram.entities.scanner import Scanner

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_RESERVED_IN_CODE = "`"
_ESCAPABLE = {chr(code) for code in range(1, 127)}
_OPENERS = {
    "__": "Underline",
    "_": "Italic",
    "*": "Bold",
    "~": "Strikethrough",
    "||": "Spoiler",
    "[": "TextUrl",
    "![": "CustomEmoji",
    FENCE: "Pre",
    "`": "Code",
}
_CLOSERS = {
    "Underline": "__",
    "Italic": "_",
    "Bold": "*",
    "Strikethrough": "~",
    "Spoiler": "||",
    "TextUrl": "]",
    "CustomEmoji": "]",
    "Pre": FENCE,
    "PreCode": FENCE,
    "Code": "`",
}
_TYPES = {
    "Underline": "underline",
    "Italic": "italic",
    "Bold": "bold",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
}
_QUOTE = "BlockQuote"


def parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    """Raises MarkupError."""
    return _MarkdownParser(text).parse()


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open entity; `kind` is its name in TDLib's error texts."""

    kind: str
    mark: Mark
    index: int
    language: str = ""


class _MarkdownParser:
    def __init__(self, text: str) -> None:
        self._scanner = Scanner(text)
        self._output = TextBuilder()
        self._open: list[_Frame] = []
        self._in_quote = False
        self._line_starts = True

    def parse(self) -> tuple[str, list[Entity]]:
        while not self._scanner.at_end:
            self._step()
        self._close_last_quote()
        if self._open:
            raise self._no_end()
        return self._output.finish()

    @property
    def _inside(self) -> str:
        """The kind of the innermost open entity."""
        return self._open[-1].kind if self._open else ""

    def _step(self) -> None:
        scanner = self._scanner
        reserved = _RESERVED_IN_CODE if self._inside in {"Pre", "PreCode", "Code"} else _RESERVED
        if scanner.peek() == "\\" and scanner.peek(1) in _ESCAPABLE:
            scanner.take()
            self._write(scanner.take())
        elif scanner.peek() not in reserved:
            self._write(scanner.take())
        elif self._in_quote and scanner.peek() == "\n" and scanner.peek(1) != ">":
            self._close_quote()
        elif self._closes():
            self._close()
        else:
            self._begin()

    def _write(self, character: str) -> None:
        self._output.write(character)
        if character != "\r":
            self._line_starts = character == "\n"

    def _begin(self) -> None:
        """Read a reserved character that closes nothing: an opener, a quotation or a line break."""
        scanner = self._scanner
        opener = next((text for text in _OPENERS if scanner.starts_with(text)), None)
        if opener:
            self._begin_entity(opener)
        elif scanner.peek() == "\n":
            self._write(scanner.take())
        elif scanner.peek() == ">" and self._line_starts:
            if not self._in_quote:
                self._open.append(_Frame(_QUOTE, self._output.mark(), scanner.index))
                self._in_quote = True
            scanner.take()
        else:
            raise MarkupError(
                f"Character '{scanner.peek()}' is reserved "
                "and must be escaped with the preceding '\\'"
            )

    def _begin_entity(self, opener: str) -> None:
        index = self._scanner.index
        self._scanner.take(len(opener))
        kind = _OPENERS[opener]
        language = take_language(self._scanner) if kind == "Pre" else ""
        if language:
            kind = "PreCode"
        self._open.append(_Frame(kind, self._output.mark(), index, language))

    def _closes(self) -> bool:
        if self._inside not in _CLOSERS:
            return False
        if self._inside == "Italic" and self._scanner.starts_with("__"):
            return False
        return self._scanner.starts_with(_CLOSERS[self._inside])

    def _close(self) -> None:
        frame = self._open.pop()
        self._scanner.take(len(_CLOSERS[frame.kind]))
        if frame.kind in _TYPES:
            self._output.add(_TYPES[frame.kind], frame.mark)
        elif frame.kind == "TextUrl":
            has_url = self._scanner.peek() == "("
            url = self._take_url() if has_url else self._output.text_since(frame.mark)
            self._output.add_link(url, frame.mark)
        elif frame.kind == "CustomEmoji":
            self._close_emoji(frame)
        else:
            language = {"language": frame.language} if frame.language else {}
            self._output.add("pre", frame.mark, **language)

    def _close_emoji(self, frame: _Frame) -> None:
        if self._scanner.peek() != "(":
            raise MarkupError("The entity must contain a tg://emoji or tg://time URL")
        url = self._take_url()
        if emoji_id := linked_emoji(url):
            self._output.add("custom_emoji", frame.mark, custom_emoji_id=emoji_id)
        elif moment := linked_moment(url):
            self._output.add("date_time", frame.mark, **moment)
        else:
            raise MarkupError("Invalid tg://emoji or tg://time URL specified")

    def _take_url(self) -> str:
        scanner = self._scanner
        scanner.take()
        start = scanner.index
        url: list[str] = []
        while scanner.peek() != ")":
            if scanner.at_end:
                offset = scanner.bytes_before(start)
                raise MarkupError(f"Can't find end of a URL at byte offset {offset}")
            if scanner.peek() == "\\" and scanner.peek(1) in _ESCAPABLE:
                scanner.take()
            url.append(scanner.take())
        scanner.take()
        return "".join(url)

    def _close_quote(self) -> None:
        """Close a quotation at a line break, which belongs to it: the next line has no ">"."""
        line_end = self._scanner.index
        if self._scanner.text[line_end - 1] == "\r":
            line_end -= 1
        expandable = self._take_expandable_mark(line_end)
        if self._inside != _QUOTE:
            raise self._no_end()
        self._write(self._scanner.take())
        self._add_quote(expandable=expandable)

    def _close_last_quote(self) -> None:
        """Close a quotation at the end of the text."""
        if self._in_quote:
            expandable = self._take_expandable_mark(len(self._scanner.text))
            if self._inside == _QUOTE:
                self._add_quote(expandable=expandable)

    def _take_expandable_mark(self, line_end: int) -> bool:
        """Return whether the last line of the quotation ends with "||", and remove this mark.

        The parser has taken the mark for the beginning of a spoiler.
        """
        if self._inside == "Spoiler" and self._open[-1].index == line_end - len("||"):
            self._open.pop()
            return True
        return False

    def _add_quote(self, *, expandable: bool) -> None:
        mark = self._open.pop().mark
        self._in_quote = False
        self._output.add("expandable_blockquote" if expandable else "blockquote", mark)

    def _no_end(self) -> MarkupError:
        frame = self._open[-1]
        offset = self._scanner.bytes_before(frame.index)
        return MarkupError(f"Can't find end of {frame.kind} entity at byte offset {offset}")
