"""A text takes the same variables in every language, and the code gives exactly these."""

from collections.abc import Iterable, Iterator, Sequence

from tools.locales.errors import ErrorText
from tools.locales.texts import Locales, variables
from tools.locales.uses import Uses
from tools.problem import Problem


def find_unequal(locales: Locales) -> Iterator[Problem]:
    """Compare the variables of every language with those of the first."""
    first, *others = locales
    for language in others:
        for key in sorted(locales[first].keys() & locales[language].keys()):
            here, there = variables(key, locales[language]), variables(key, locales[first])
            if here != there:
                text = f"takes {_names(here)}, but {_names(there)} in locales/{first}"
                yield locales[language][key].problem(text)


def find_wrongly_given(locales: Locales, uses: Uses) -> Iterator[Problem]:
    for use in uses.calls:
        taken = _taken(use.key, locales)
        if taken is not None and use.variables is not None and use.variables != taken:
            yield use.problem(f"is given {_names(use.variables)}, but takes {_names(taken)}")


def find_never_given(locales: Locales, errors: Sequence[ErrorText]) -> Iterator[Problem]:
    """The text of an error may use fewer variables than the error has."""
    for error in errors:
        missing = (_taken(error.key, locales) or set()) - error.params
        if missing:
            yield error.problem(f"takes {_names(missing)}, which the error does not have")


def _taken(key: str, locales: Locales) -> set[str] | None:
    found = [variables(key, texts) for texts in locales.values() if key in texts]
    return set().union(*found) if found else None


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
