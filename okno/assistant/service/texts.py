"""Texts as they can be stored, and titles made of them."""

from collections.abc import Iterable

from okno.llm.dto import PromptMessage

_TITLE_LENGTH = 60
_LONGEST_QUERY = 200


def clean(text: str) -> str:
    """Take out what PostgreSQL can't store: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def spoken(messages: Iterable[PromptMessage]) -> tuple[PromptMessage, ...]:
    """Clean messages, and leave out those that say nothing: some providers refuse them."""
    cleaned = (PromptMessage(one.role, clean(one.text)) for one in messages)
    return tuple(one for one in cleaned if one.text.strip())


def make_title(question: str) -> str:
    """Take the first line, cut at the end of a word."""
    line = next((line for line in map(one_line, question.splitlines()) if line), "…")
    if len(line) <= _TITLE_LENGTH:
        return line
    beginning = line[:_TITLE_LENGTH]
    words, space, _rest = beginning.rpartition(" ")
    return (words if space else beginning[:-1]).rstrip(" ,;:-–—") + "…"


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def make_query(text: str) -> str:
    """Make what somebody typed fit for the search."""
    return one_line(text)[:_LONGEST_QUERY]
