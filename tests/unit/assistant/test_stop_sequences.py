"""Texts at which an answer ends."""

import pytest

from okno.assistant.service.stop_sequences import cut


@pytest.mark.parametrize(
    ("text", "sequences", "shown", "is_over"),
    [
        ("One two", (), "One two", False),
        ("One two t", ("three",), "One two ", False),
        ("One two three", ("three",), "One two ", True),
        ("One two three", ("three", "two"), "One ", True),
        ("three", ("three",), "", True),
        ("One\n", ("\n\n",), "One", False),
        ("One\nt", ("\n\n",), "One\nt", False),
        ("ab ab a", ("abc", "b a"), "a", True),
        ("x aa", ("aaa",), "x ", False),
        ("", ("a",), "", False),
        ("end", ("d", "end."), "en", True),
    ],
)
def test_what_may_be_shown(
    text: str, sequences: tuple[str, ...], shown: str, *, is_over: bool
) -> None:
    assert cut(text, sequences) == (shown, is_over)


def test_what_was_shown_stays_whatever_comes() -> None:
    text, sequences = "One, two, thr, three, thread", ("three", "thread", ", t")
    before, is_over = "", False
    for length in range(len(text) + 1):
        shown, is_over = cut(text[:length], sequences)
        assert shown.startswith(before)
        before = shown
    assert (before, is_over) == ("One", True)
