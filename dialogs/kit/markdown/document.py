"""Reads Markdown into blocks, in the order in which a message shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from dialogs.kit.markdown.block import Block, code_block, text_block
from dialogs.kit.markdown.inline import InlineWriter
from dialogs.kit.markdown.lists import Lists
from dialogs.kit.markdown.parser import parse
from dialogs.kit.markdown.rich import BOLD, RichText, Style
from dialogs.kit.markdown.table import draw_table

RULE = "—" * 8


@dataclass(frozen=True, slots=True)
class Document:
    """`last_start` and `last_block`: the character and the block at which the last piece begins.

    Text that is appended can change that piece, but nothing before it.
    """

    blocks: tuple[Block, ...]
    last_start: int
    last_block: int


def read(markdown: str) -> Document:
    """Read a cleaned text."""
    return _Reader(markdown).read()


class _Reader:
    def __init__(self, markdown: str) -> None:
        self._markdown = markdown
        self._lines = markdown.split("\n")
        self._blocks: list[Block] = []
        self._lists = Lists()
        self._quotes_open = 0
        self._quotes = 0
        self._heading: tuple[Style, ...] = ()
        self._gap = "\n"

    def read(self) -> Document:
        end = settled = last_block = 0
        tokens = iter(parse(self._markdown))
        for token in tokens:
            if token.level == 0 and token.map:
                settled, end, last_block = end, token.map[1], len(self._blocks)
            self._read(token, tokens)
        while settled and not self._lines[settled - 1]:
            settled -= 1
        last_start = sum(len(line) + 1 for line in self._lines[:settled])
        return Document(tuple(self._blocks), last_start, last_block)

    def _read(self, token: Token, following: Iterator[Token]) -> None:
        if token.map:
            self._gap = self._gap_before(token.map[0])
        match token.type:
            case "inline":
                self._write(token.children or (), *self._heading)
            case "hr":
                self._write_plain(RULE)
            case "fence":
                self._write_fence(token.info.strip(), token.content)
            case "code_block":
                self._write_code(token.content)
            case "table_open":
                self._write_code(draw_table(following))
            case _:
                self._enter_or_leave(token)

    def _enter_or_leave(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self._quotes += not self._quotes_open
                self._quotes_open += 1
            case "blockquote_close":
                self._quotes_open -= 1
            case "bullet_list_open" | "ordered_list_open":
                self._lists.open()
            case "list_item_open":
                self._lists.begin_item(token)
            case "list_item_close":
                self._write_bare_marker()
            case "bullet_list_close" | "ordered_list_close":
                self._lists.close()
            case "heading_open":
                self._heading = (Style(BOLD),)
            case "heading_close":
                self._heading = ()

    def _write_fence(self, info: str, code: str) -> None:
        """Write as text the words after the language, or all words if there is no code."""
        language, _, rest = info.partition(" ")
        self._write_plain(rest if code.strip() else info)
        self._write_code(code, language)

    def _write_plain(self, text: str) -> None:
        self._write([Token("text", "", 0, content=text)])

    def _write(self, tokens: Sequence[Token], *styles: Style) -> None:
        rich, marker = RichText(), self._lists.marker
        rich.write(marker)
        InlineWriter(rich, indent=self._lists.indent).write(tokens, *styles)
        if rich.text[len(marker) :].strip():
            self._lists.marker_written()
            self._add(text_block(rich, self._gap, self._quote))

    def _write_code(self, code: str, language: str = "") -> None:
        self._write_bare_marker()
        self._add(code_block(code, language, self._gap))

    def _write_bare_marker(self) -> None:
        """Write the marker of an item that does not begin with text."""
        if self._lists.is_marker_due:
            rich = RichText()
            rich.write(self._lists.bare_marker)
            self._lists.marker_written()
            self._add(text_block(rich, self._gap, self._quote))

    @property
    def _quote(self) -> int:
        return self._quotes if self._quotes_open else 0

    def _add(self, block: Block | None) -> None:
        if block:
            self._blocks.append(block)
            self._gap = "\n"

    def _gap_before(self, line: int) -> str:
        """Return an empty line where the source has one, also within a quotation."""
        return "\n" if line == 0 or self._lines[line - 1].strip(" >") else "\n\n"
