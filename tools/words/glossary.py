"""The glossary as rules: the words that are refused, and the places where they are.

The last column of a table lists words that are not used for the term. One in backquotes is refused
everywhere, or only in the folders and files that stand after it: "`turn` in `okno` and `docs`".
The other words have further meanings, so a program cannot refuse them.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tools.problem import Problem

FILE = "docs/glossary.md"

_ROW = re.compile(r"\| \*\*(?P<term>[^|*]+)\*\* \| [^|]+ \| (?P<others>[^|]+) \|")
_CHECKED = re.compile(r"`(?P<word>[A-Za-z ]+)`(?: in (?P<places>`[^`]+`(?: and `[^`]+`)*))?")
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True)
class RefusedWord:
    """A word that is not used for `term`; without `places` it is refused everywhere."""

    word: str
    term: str
    places: tuple[str, ...]

    def is_refused_in(self, file: str) -> bool:
        return not self.places or any(
            file == place or file.startswith(f"{place}/") for place in self.places
        )

    def stands_in(self, text: str) -> bool:
        """Look for the word or its plural."""
        words = r"\s+".join(self.word.split())
        return re.search(rf"\b{words}s?\b", text, re.IGNORECASE) is not None

    def stands_in_name(self, name: str) -> bool:
        """Look for the word among the words of a name: `NewTurn`, `new_turn`, `NEW_TURN`."""
        return self.stands_in(" ".join(_NAME_PART.findall(name)))


def read_glossary(root: Path) -> tuple[list[RefusedWord], list[Problem]]:
    """Read the refused words; the problems are mistakes in the glossary itself."""
    words: list[RefusedWord] = []
    problems: list[Problem] = []
    lines = (root / FILE).read_text(encoding="utf-8").splitlines()
    for number, (previous, line) in enumerate(pairwise(["", *lines]), start=1):
        if not line.startswith("| **"):
            continue
        texts, found = _read_row(line)
        if not previous.startswith("|"):
            texts.append("an empty line cuts the table above this row")
        texts += (
            f"there is no {place}"
            for word in found
            for place in word.places
            if not (root / place).exists()
        )
        words += found
        problems += (Problem(FILE, number, text) for text in texts)
    return words, problems


def _read_row(line: str) -> tuple[list[str], list[RefusedWord]]:
    """Return what is wrong with the row, and its refused words."""
    row = _ROW.fullmatch(line)
    if row is None:
        return ["a row has three cells"], []
    texts, words = [], []
    for item in row["others"].split(", "):
        if "`" not in item:
            continue
        if checked := _CHECKED.fullmatch(item):
            places = re.findall(r"`([^`]+)`", checked["places"] or "")
            words.append(RefusedWord(checked["word"], row["term"], tuple(places)))
        else:
            texts.append(f"{item} is not written as `word` or `word` in `place` and `place`")
    return texts, words
