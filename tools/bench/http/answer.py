"""The answers of the emulated model. They are known, so that a lost or repeated piece shows."""

from collections.abc import Iterator


def answer_to(question: str, pieces: int) -> Iterator[str]:
    """Yield the answer in pieces. The first is the question: a caller recognises its own answer."""
    yield question
    for number in range(1, pieces):
        yield f" word{number:03d}"
