"""Stop sequences: texts of a client before the first of which the answer ends.

Not every model knows them, so they are looked for here.
"""

from collections.abc import Sequence


def cut(text: str, sequences: Sequence[str]) -> tuple[str, bool]:
    """Return the part of a growing text that may be shown, and whether it ends there.

    The beginning of a sequence is kept back until it is known how it goes on.
    """
    found = [at for sequence in sequences if (at := text.find(sequence)) >= 0]
    if found:
        return text[: min(found)], True
    kept_back = max((_beginning_at_end(text, sequence) for sequence in sequences), default=0)
    return text[: len(text) - kept_back], False


def _beginning_at_end(text: str, sequence: str) -> int:
    """Count the letters of the sequence that the text ends with."""
    longest = min(len(sequence) - 1, len(text))
    return next((n for n in range(longest, 0, -1) if text.endswith(sequence[:n])), 0)
