"""Reads the beginning of a pre block, for both Markdown modes."""

from sandbox.telegram.entities.scanner import SPACE, Scanner

FENCE = "```"
_LINE_BREAKS = ("\r\n", "\n\r", "\n", "\r")


def take_language(scanner: Scanner) -> str:
    """Read a language, if space follows it, and one line break after the fence."""
    start = scanner.index
    language = scanner.take_until(SPACE + "`")
    if scanner.at_end or scanner.peek() == "`":
        scanner.index = start
        language = ""
    line_break = next((line for line in _LINE_BREAKS if scanner.starts_with(line)), "")
    scanner.take(len(line_break))
    return language
