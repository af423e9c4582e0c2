"""Which language is proposed."""

import pytest

from okno.accounts.dto import Language


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ru", Language.RU),
        ("ru-RU", Language.RU),
        ("RU", Language.RU),
        ("en-GB", Language.EN),
        ("rue", Language.EN),
        ("de", Language.EN),
        ("", Language.EN),
        (None, Language.EN),
    ],
)
def test_the_nearest_language_is_proposed(code: str | None, language: Language) -> None:
    assert Language.propose(code) is language
