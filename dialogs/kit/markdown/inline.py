"""Writes the content of a paragraph: styles, code, links, line breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from dialogs.kit.markdown.links import target
from dialogs.kit.markdown.rich import BOLD, CODE, ITALIC, LINK, STRIKE, RichText, Style

_STYLES = {"strong_open": Style(BOLD), "em_open": Style(ITALIC), "s_open": Style(STRIKE)}
_CODE = Style(CODE)


@dataclass(frozen=True, slots=True)
class _Link:
    """A link or an image; `start`: the number of characters that were written before its text."""

    address: str
    title: str
    hidden: bool
    shown: bool
    start: int


class InlineWriter:
    """Writes inline tokens into a text.

    `indent` goes before every line but the first. With `is_plain`, as in a table, nothing is styled
    and every address is shown.
    """

    def __init__(self, out: RichText, *, indent: str = "", is_plain: bool = False) -> None:
        self._out = out
        self._indent = indent
        self._is_plain = is_plain
        self._open: list[Style | None] = []
        self._links: list[_Link] = []
        self._written = 0

    def write(self, tokens: Sequence[Token], *styles: Style) -> None:
        """Write the tokens; `styles` hold for all of them."""
        self._open.extend(styles)
        for token in tokens:
            self._write(token)

    def _write(self, token: Token) -> None:
        match token.type:
            case "strong_open" | "em_open" | "s_open":
                self._open.append(_STYLES[token.type])
            case "strong_close" | "em_close" | "s_close":
                self._open.pop()
            case "softbreak" | "hardbreak":
                self._text("\n")
            case "code_inline":
                self._code(token.content)
            case "link_open":
                self._begin_link(token, "href")
            case "link_close":
                self._end_link()
            case "image":
                self._begin_link(token, "src")
                self.write(token.children or ())
                self._end_link()
            case _:
                self._text(token.content)

    def _text(self, text: str) -> None:
        self._put(text, [style for style in self._open if style])

    def _code(self, code: str) -> None:
        """Write code. In a link it has no style of its own, since entities of code do not nest."""
        links = [style for style in self._open if style and style.kind == LINK]
        self._put(code, links or [_CODE])

    def _put(self, text: str, styles: Sequence[Style]) -> None:
        self._written += len(text)
        self._out.write(text.replace("\n", "\n" + self._indent), () if self._is_plain else styles)

    def _begin_link(self, token: Token, attribute: str) -> None:
        address, title = str(token.attrGet(attribute) or ""), str(token.attrGet("title") or "")
        # A link around an image hides its address first: entities of one type do not nest.
        is_free = not self._is_plain and not any(link.hidden for link in self._links)
        hidden = target(address) if is_free else None
        is_known = bool(hidden) or token.info == "auto"
        self._links.append(
            _Link(address, title, hidden=bool(hidden), shown=not is_known, start=self._written)
        )
        self._open.append(Style(LINK, hidden) if hidden else None)

    def _end_link(self) -> None:
        link = self._links.pop()
        is_empty = self._written == link.start
        if is_empty:
            self._text(link.address)
        self._open.pop()
        beside = [link.address if link.shown and not is_empty else "", link.title]
        if any(beside):
            self._text(f" ({', '.join(filter(None, beside))})")
