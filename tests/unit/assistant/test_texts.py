"""Titles, and texts that can be stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okno.assistant.service.texts import clean, make_query, make_title


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How are you?", "How are you?"),
        ("  Two\tlines  \nof text", "Two lines"),
        ("\n\n \nThe third", "The third"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, "word " * 10 + "word word…"),
        ("\0\n\0", "…"),
        ("", "…"),
    ],
)
def test_a_title_is_the_first_line_up_to_a_word(question: str, title: str) -> None:
    assert make_title(question) == title


def test_a_title_does_not_end_in_a_dash_or_a_comma() -> None:
    text = "Расскажи, пожалуйста, подробно о том, как устроены внутри — часы и минуты"

    assert make_title(text) == "Расскажи, пожалуйста, подробно о том, как устроены внутри…"


@given(st.text(st.characters(exclude_categories=[])))
def test_every_text_can_be_stored(text: str) -> None:
    for made in (clean(text), make_title(text), make_query(text)):
        assert "\0" not in made
        made.encode()
    assert 1 <= len(make_title(text)) <= 60


@given(st.text())
def test_a_sound_text_is_not_changed(text: str) -> None:
    assert clean(text) == text.replace("\0", "")
