"""All rules of words together."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tools.problem import Problem
from tools.words.constant import is_vague
from tools.words.document import read_prose
from tools.words.glossary import FILE, RefusedWord, read_glossary
from tools.words.module import Module, read_module
from tools.words.opening import find_unclear_opening

FOLDERS = ("api", "dialogs", "migrations", "okno", "sandbox", "tests", "tgbot", "tools", "worker")
"""The folders whose Python is checked: all."""

DOCUMENTS = ("*.md", "docs/*.md")
"""The documents that are checked. Decisions (`docs/adr`) keep the words of their day."""


def find_problems(root: Path, folders: Sequence[str] = FOLDERS) -> list[Problem]:
    """Check the documents of the project in `root`, and the Python in these folders of it."""
    words, problems = read_glossary(root)
    for file in _files(root, (f"{folder}/**/*.py" for folder in folders)):
        problems += _check_module(read_module(root, file), words)
    for file in _files(root, DOCUMENTS):
        if file != FILE:
            problems += _check_document(root, file, words)
    return sorted(problems)


def _files(root: Path, patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            yield path.relative_to(root).as_posix()


def _check_module(module: Module, words: Sequence[RefusedWord]) -> Iterator[Problem]:
    for docstring in module.docstrings:
        if opening := find_unclear_opening(docstring.text):
            yield Problem(module.file, docstring.number, f"a docstring begins with {opening}")
    for name in module.names:
        if is_vague(name.text):
            yield Problem(module.file, name.number, f"{name.text} has no subject and no unit")
    for word in words:
        if word.is_refused_in(module.file):
            yield from _check_word(module, word)


def _check_word(module: Module, word: RefusedWord) -> Iterator[Problem]:
    for name in module.names:
        if word.stands_in_name(name.text):
            yield _refusal(module.file, name.number, f"the name {name.text}", word)
    for text in (*module.docstrings, *module.comments):
        if word.stands_in(" ".join(read_prose(text.text))):
            yield _refusal(module.file, text.number, "the text", word)


def _check_document(root: Path, file: str, words: Sequence[RefusedWord]) -> Iterator[Problem]:
    lines = read_prose((root / file).read_text(encoding="utf-8"))
    for word in words:
        if word.is_refused_in(file):
            for number, line in enumerate(lines, start=1):
                if word.stands_in(line):
                    yield _refusal(file, number, "the text", word)


def _refusal(file: str, line: int, subject: str, word: RefusedWord) -> Problem:
    return Problem(file, line, f"{subject} has the word {word.word}: use {word.term} instead")
