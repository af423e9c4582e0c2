"""The prose of a Markdown document: without code, addresses and HTML."""

import re

_NOT_PROSE = re.compile(
    r"^ {0,3}```.*?^ {0,3}```"  # a block of code
    r"|`[^`\n]*`"
    r"|<[^>\n]*>"
    r"|(?<=\])\([^)\n]*\)",  # the address of a link
    re.MULTILINE | re.DOTALL,
)


def read_prose(text: str) -> list[str]:
    """Return the lines of the text; what is no prose is left out of them."""
    return _NOT_PROSE.sub(lambda match: "\n" * match[0].count("\n"), text).split("\n")
