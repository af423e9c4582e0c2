"""The legacy parse_mode Markdown, without nesting, as in TDLib's `parse_markdown`."""

from sandbox.telegram.entities.builder import TextBuilder
from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.errors import MarkupError
from sandbox.telegram.entities.markdown_pre import FENCE, take_language
from sandbox.telegram.entities.scanner import Scanner

_CLOSERS = {"_": "_", "*": "*", "`": "`", "[": "]"}
_TYPES = {"_": "italic", "*": "bold", "`": "code"}


def parse_markdown(text: str) -> tuple[str, list[Entity]]:
    """Raises MarkupError."""
    scanner = Scanner(text)
    output = TextBuilder()
    while not scanner.at_end:
        if scanner.peek() == "\\" and scanner.peek(1) in _CLOSERS:
            scanner.take()
            output.write(scanner.take())
        elif scanner.starts_with(FENCE):
            _take_pre(scanner, output)
        elif scanner.peek() in _CLOSERS:
            _take_entity(scanner, output)
        else:
            output.write(scanner.take())
    return output.finish()


def _take_pre(scanner: Scanner, output: TextBuilder) -> None:
    start = scanner.index
    scanner.take(len(FENCE))
    language = take_language(scanner)
    mark = output.mark()
    output.write(_take_content(scanner, FENCE, start))
    output.add("pre", mark, **({"language": language} if language else {}))


def _take_entity(scanner: Scanner, output: TextBuilder) -> None:
    start = scanner.index
    opener = scanner.take()
    mark = output.mark()
    content = _take_content(scanner, _CLOSERS[opener], start)
    output.write(content)
    if opener in _TYPES:
        output.add(_TYPES[opener], mark)
    elif content:
        output.add_link(_take_url(scanner) if scanner.peek() == "(" else content, mark)


def _take_content(scanner: Scanner, closer: str, start: int) -> str:
    end = scanner.text.find(closer, scanner.index)
    if end < 0:
        offset = scanner.bytes_before(start)
        raise MarkupError(f"Can't find end of the entity starting at byte offset {offset}")
    content = scanner.take(end - scanner.index)
    scanner.take(len(closer))
    return content


def _take_url(scanner: Scanner) -> str:
    """Read `(url)`; the closing bracket may be missing."""
    scanner.take()
    url = scanner.take_until(")")
    scanner.take()
    return url
