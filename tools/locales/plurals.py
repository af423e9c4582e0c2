"""A selector by number covers every plural form that whole numbers have in its language.

The forms: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html.
Russian uses `other` for fractions only, so it cannot replace one of the three forms.
"""

from collections.abc import Iterator

from okno.accounts.dto import Language
from tools.locales.fluent import selectors
from tools.locales.texts import Locales
from tools.problem import Problem

CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})
NEEDED = {
    Language.EN: frozenset({"one", "other"}),
    Language.RU: frozenset({"one", "few", "many"}),
}


def find_missing_plurals(locales: Locales) -> Iterator[Problem]:
    for language, texts in locales.items():
        for text in texts.values():
            for offset, names in selectors(text.entry):
                missing = NEEDED[language] - names
                if names & CATEGORIES and missing:
                    words = (
                        f"{text.key}: the plural form {' and '.join(sorted(missing))} is missing"
                    )
                    yield text.source.problem(offset, words)
