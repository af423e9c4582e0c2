"""Answers of an exact length. Their parts are numbered, so that a lost part shows."""

from collections.abc import Iterator
from itertools import chain, cycle, islice

from sandbox.llm.answers.question import Size
from sandbox.llm.answers.words import Words


def answer_of_size(size: Size, words: Words) -> str:
    return _of_words(size.count, words) if size.is_words else _of_characters(size.count, words)


def _of_words(count: int, words: Words) -> str:
    """Make paragraphs. Blanks separate words."""
    plain = chain(words.emulator.split(), _plain_words(words))
    taken = list(islice(plain, count))
    paragraphs = (taken[first : first + 60] for first in range(0, count, 60))
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def _of_characters(count: int, words: Words) -> str:
    """Make whole blocks of Markdown while they fit, then plain words, cut at the end."""
    text = ""
    for block in _blocks(words):
        if len(text) + len(block) > count:
            break
        text += block
    rest = chain.from_iterable((word, " ") for word in _plain_words(words))
    while len(text) < count:
        text += next(rest)
    # Telegram trims a blank at the end.
    return text[:count] if text[:count].strip() == text[:count] else text[: count - 1] + "."


def _blocks(words: Words) -> Iterator[str]:
    yield f"{words.emulator}\n\n"
    number = 0
    while True:
        number += 1
        yield f"{words.part} {number}. **{words.sentences[0]}** {' '.join(words.sentences[1:])}\n\n"
        yield "\n".join(f"- {number}: {item}" for item in words.items) + "\n\n"
        yield f"```python\npart = {number}\nprint(part)  # {words.part} {number}\n```\n\n"


def _plain_words(words: Words) -> Iterator[str]:
    return cycle(" ".join(words.sentences).split())
