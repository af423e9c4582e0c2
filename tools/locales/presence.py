"""Every text exists in every language, every text is used, every used text exists."""

from collections.abc import Iterator, Sequence

from tools.locales.errors import ErrorText
from tools.locales.fluent import references
from tools.locales.texts import Locales
from tools.locales.uses import KEY, Use, Uses
from tools.problem import Problem


def find_missing(locales: Locales) -> Iterator[Problem]:
    """Terms are left out: each language may have terms of its own."""
    for texts in locales.values():
        for key, text in texts.items():
            if not key.startswith("-"):
                for language, others in locales.items():
                    if key not in others:
                        yield text.problem(f"is missing in locales/{language}")


def find_bad_keys(locales: Locales) -> Iterator[Problem]:
    for texts in locales.values():
        for key, text in texts.items():
            if not key.startswith("-") and not KEY.fullmatch(key):
                yield text.problem("a key is of two lower-case words or more: menu-text")


def find_bad_references(locales: Locales) -> Iterator[Problem]:
    for texts in locales.values():
        for text in texts.values():
            for name in sorted(references(text.entry) - texts.keys()):
                yield text.problem(f"refers to {name}, which is not there")


def find_unused(locales: Locales, uses: Uses, errors: Sequence[ErrorText]) -> Iterator[Problem]:
    """Code, an error class or another text can use a text."""
    used = {use.key for use in uses.calls} | uses.strings | {error.key for error in errors}
    for texts in locales.values():
        included = set().union(*(references(text.entry) - {key} for key, text in texts.items()))
        for key, text in texts.items():
            if key not in used | included:
                yield text.problem("nothing uses this text")


def find_unknown(locales: Locales, uses: Uses, errors: Sequence[ErrorText]) -> Iterator[Problem]:
    places: tuple[Use | ErrorText, ...] = (*uses.calls, *errors)
    for place in places:
        if not any(place.key in texts for texts in locales.values()):
            yield place.problem("no locale has this text")
