"""What the emulated model answers: known beforehand, so that a lost or doubled piece is seen."""

from collections.abc import Iterator


def answer_to(question: str, pieces: int) -> Iterator[str]:
    """Give the answer in pieces: first the question itself, by which every caller knows its own."""
    yield question
    for number in range(1, pieces):
        yield f" word{number:03d}"
