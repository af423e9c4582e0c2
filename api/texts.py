"""Texts in the language of the client, from `locales/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from okno.accounts.dto import Language

LOCALES = Path(__file__).parent.parent / "locales"


class Texts:
    """The texts of all languages."""

    def __init__(self, folder: Path) -> None:
        self._bundles = {language: _read(folder / language, language) for language in Language}

    def get(
        self, language: Language, key: str, values: Mapping[str, str | int] | None = None
    ) -> str:
        """Return the text of this key. Raises `KeyError`."""
        bundle = self._bundles[language]
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise KeyError(key)
        text, _ = bundle.format_pattern(pattern, dict(values or {}))
        return str(text)


@cache
def load_texts() -> Texts:
    """Read the texts once per process, because reading is slow. Raises `OSError`."""
    return Texts(LOCALES)


def _read(folder: Path, language: Language) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted(folder.glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


def preferred_language(accept: str) -> Language:
    """Choose a language by `Accept-Language` (RFC 9110, 12.5.4); English if it has none of ours."""
    best, best_weight = Language.EN, 0.0
    for offer in accept.split(","):
        tag, _, parameters = offer.strip().partition(";")
        weight = _weight(parameters)
        if weight > best_weight and tag.partition("-")[0].lower() in set(Language):
            best, best_weight = Language.propose(tag), weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
