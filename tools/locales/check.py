"""All rules of texts together."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from tools.locales.errors import ErrorText
from tools.locales.markup import find_bad_markup
from tools.locales.plurals import find_missing_plurals
from tools.locales.presence import (
    find_bad_keys,
    find_bad_references,
    find_missing,
    find_unknown,
    find_unused,
)
from tools.locales.texts import read_locales
from tools.locales.uses import read_uses
from tools.locales.variables import find_never_given, find_unequal, find_wrongly_given
from tools.problem import Problem


def find_problems(root: Path, errors: Sequence[ErrorText]) -> list[Problem]:
    """Check the project in `root`; `errors` come from its error classes."""
    locales, problems = read_locales(root)
    uses = read_uses(root)
    found = chain(
        problems,
        find_bad_keys(locales),
        find_bad_references(locales),
        find_missing(locales),
        find_unused(locales, uses, errors),
        find_unknown(locales, uses, errors),
        find_unequal(locales),
        find_wrongly_given(locales, uses),
        find_never_given(locales, errors),
        find_missing_plurals(locales),
        find_bad_markup(locales, uses),
    )
    return sorted(found)
