"""The texts of all locales, read from `locales/<language>/**/*.ftl`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from okno.accounts.dto import Language
from tools.locales.fluent import Entry, key_of, own_variables, references
from tools.problem import Problem


@dataclass(frozen=True, slots=True)
class Source:
    """One `.ftl` file."""

    file: str
    content: str

    def problem(self, offset: int, text: str) -> Problem:
        return Problem(self.file, self.line(offset), text)

    def line(self, offset: int) -> int:
        return self.content.count("\n", 0, offset) + 1


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language."""

    key: str
    entry: Entry
    source: Source

    def problem(self, text: str) -> Problem:
        return self.source.problem(_start(self.entry), f"{self.key}: {text}")


Texts = Mapping[str, Text]
Locales = Mapping[Language, Texts]


def read_locales(root: Path) -> tuple[Locales, list[Problem]]:
    """Read all texts; the problems are syntax errors and repeated keys."""
    problems: list[Problem] = []
    locales = {language: _read(root, language, problems) for language in Language}
    return locales, problems


def with_references(key: str, texts: Texts) -> set[str]:
    """Return the key, and the keys of all texts that it includes, directly or not."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        name = waiting.pop()
        if name in texts and name not in found:
            found.add(name)
            waiting.extend(references(texts[name].entry))
    return found


def variables(key: str, texts: Texts) -> set[str]:
    """Name all variables that the code must give for this text.

    Variables of a term do not count: Fluent takes them from the reference alone.
    """
    names = (name for name in with_references(key, texts) if not name.startswith("-"))
    return set().union(*(own_variables(texts[name].entry) for name in names))


def _read(root: Path, language: Language, problems: list[Problem]) -> Texts:
    texts: dict[str, Text] = {}
    for path in sorted((root / "locales" / language).rglob("*.ftl")):
        source = Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for text in _parse(source, problems):
            if (first := texts.setdefault(text.key, text)) is not text:
                place = f"{first.source.file}:{first.source.line(_start(first.entry))}"
                problems.append(text.problem(f"stands already at {place}"))
    return texts


def _parse(source: Source, problems: list[Problem]) -> Iterator[Text]:
    for entry in FluentParser().parse(source.content).body:
        if isinstance(entry, ftl.Message | ftl.Term):
            yield Text(key_of(entry), entry, source)
        elif isinstance(entry, ftl.Junk):
            problems.extend(
                source.problem(note.span.start if note.span else 0, f"syntax: {note.message}")
                for note in entry.annotations
            )


def _start(entry: Entry) -> int:
    return entry.id.span.start if entry.id.span else 0
