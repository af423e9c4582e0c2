"""Reads one HTML tag with its attributes; the error texts are Telegram's."""

import string

from sandbox.telegram.entities.errors import MarkupError
from sandbox.telegram.entities.html_reference import take_reference
from sandbox.telegram.entities.scanner import BLANK, END, SPACE, Scanner, ascii_lower

_TAGS = frozenset(
    {
        *("a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "span", "pre", "code"),
        *("blockquote", "tg-spoiler", "tg-emoji", "tg-time"),
    }
)
_NAME_ENDS = SPACE + "=>/\"'"
_QUOTES = "\"'"
_TOKEN = string.ascii_letters + string.digits + ".-"


def take_start_tag(scanner: Scanner) -> tuple[str, dict[str, str]]:
    """Read `<name attribute="value" …>`; an attribute without a value has the value ""."""
    offset = scanner.bytes_before(scanner.index)
    name = _take_name(scanner, opening="<")
    if scanner.peek() == END:
        raise MarkupError(f"Unclosed start tag at byte offset {offset}")
    if name not in _TAGS:
        raise MarkupError(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes: dict[str, str] = {}
    scanner.take_while(BLANK)
    while scanner.peek() != ">":
        attributes.update([_take_attribute(scanner, name, offset)])
        scanner.take_while(BLANK)
    scanner.take()
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    return name, attributes


def take_end_tag(scanner: Scanner, expected: str) -> None:
    """Read `</expected>`; `</>` closes any tag."""
    offset = scanner.bytes_before(scanner.index)
    name = _take_name(scanner, opening="</")
    scanner.take_while(BLANK)
    if scanner.peek() != ">":
        raise MarkupError(f"Unclosed end tag at byte offset {offset}")
    if name not in {"", expected}:
        raise MarkupError(
            f"Unmatched end tag at byte offset {offset}, "
            f'expected "</{expected}>", found "</{name}>"'
        )
    scanner.take()


def _take_name(scanner: Scanner, opening: str) -> str:
    scanner.take(len(opening))
    return ascii_lower(scanner.take_until(SPACE + ">"))


def _take_attribute(scanner: Scanner, tag: str, offset: int) -> tuple[str, str]:
    name = scanner.take_until(_NAME_ENDS)
    if not name:
        raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
    scanner.take_while(BLANK)
    has_value = scanner.peek() == "="
    if has_value:
        scanner.take()
        scanner.take_while(BLANK)
    if scanner.peek() == END:
        raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {offset}')
    value = _take_value(scanner) if has_value else ""
    if scanner.peek() == END:
        raise MarkupError(f"Unclosed start tag at byte offset {offset}")
    return name, value


def _take_value(scanner: Scanner) -> str:
    if scanner.peek() in _QUOTES:
        return _take_quoted(scanner)
    start = scanner.index
    token = scanner.take_while(_TOKEN)
    if scanner.peek() not in SPACE + ">":
        offset = scanner.bytes_before(start)
        raise MarkupError(f"Unexpected end of name token at byte offset {offset}")
    return ascii_lower(token)


def _take_quoted(scanner: Scanner) -> str:
    quote = scanner.take()
    value: list[str] = []
    while scanner.peek() not in {quote, END}:
        value.append(take_reference(scanner) if scanner.peek() == "&" else scanner.take())
    if scanner.peek() == quote:
        scanner.take()
    return "".join(value)
