"""Telegram tidies a text and its entities: overlaps, order, trimming, odd characters."""

from typing import Any

import pytest

from sandbox.telegram.entities import FormattedText, format_text, utf16_length, utf16_slice

Span = tuple[str, int, int]


def given(text: str, *spans: Span) -> FormattedText:
    entities = [
        {"type": kind, "offset": offset, "length": length, "url": "http://t.me/"}
        for kind, offset, length in spans
    ]
    return format_text(text, parse_mode=None, entities=entities)


def spans_of(formatted: FormattedText) -> list[Span]:
    return [(e["type"], e["offset"], e["length"]) for e in formatted.entities]


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([("italic", 1, 1), ("italic", 0, 1)], [("italic", 0, 2)]),
        ([("italic", 0, 3), ("italic", 1, 4)], [("italic", 0, 5)]),
        ([("italic", 0, 1), ("italic", 2, 1)], [("italic", 0, 1), ("italic", 2, 1)]),
        (
            [("italic", 0, 2), ("bold", 1, 2)],
            [("italic", 0, 1), ("bold", 1, 2), ("italic", 1, 1)],
        ),
        ([("underline", 0, 2), ("spoiler", 0, 1)], [("underline", 0, 2), ("spoiler", 0, 1)]),
        (
            [("strikethrough", 0, 3), ("code", 1, 1)],
            [("strikethrough", 0, 1), ("code", 1, 1), ("strikethrough", 2, 1)],
        ),
        ([("pre", 0, 3), ("bold", 1, 1)], [("pre", 0, 3)]),
        ([("text_link", 0, 3), ("text_link", 2, 3)], [("text_link", 0, 3)]),
        ([("text_link", 0, 3), ("code", 1, 1)], [("text_link", 0, 3)]),
        (
            [("bold", 0, 5), ("text_link", 1, 2)],
            [("bold", 0, 1), ("text_link", 1, 2), ("bold", 1, 2), ("bold", 3, 2)],
        ),
        ([("text_link", 0, 3), ("bold", 1, 1)], [("text_link", 0, 3), ("bold", 1, 1)]),
        ([("blockquote", 0, 4), ("blockquote", 2, 3)], [("blockquote", 0, 4)]),
        ([("blockquote", 0, 4), ("expandable_blockquote", 1, 1)], [("blockquote", 0, 4)]),
        ([("blockquote", 0, 4), ("code", 1, 1)], [("blockquote", 0, 4), ("code", 1, 1)]),
        ([("code", 0, 4), ("blockquote", 1, 1)], [("blockquote", 1, 1)]),
        ([("text_link", 0, 3), ("blockquote", 2, 3)], [("blockquote", 2, 3)]),
        ([("bold", 0, 0)], []),
        ([("mention", 0, 3), ("bank_card_number", 0, 3)], []),
    ],
)
def test_overlapping_entities_are_made_to_nest(spans: list[Span], kept: list[Span]) -> None:
    assert spans_of(given("abcde", *spans)) == kept


@pytest.mark.parametrize(
    ("text", "spans", "trimmed", "kept"),
    [
        (" \n abc \n ", [("bold", 3, 3)], "abc", [("bold", 0, 3)]),
        ("  abc  ", [("bold", 3, 4)], "abc", [("bold", 1, 2)]),
        ("abc  ", [("bold", 3, 1), ("italic", 4, 1)], "abc", []),
        ("  abc", [("bold", 1, 2)], " abc", [("bold", 0, 2)]),
        ("\t abc", [], "abc", []),
        ("   ", [("bold", 0, 3)], "", []),
        ("\u200b\u2060", [("bold", 0, 1)], "\u200b\u2060", [("bold", 0, 1)]),
        ("\u200b\u200e ", [("bold", 0, 1)], "", []),
        ("", [], "", []),
    ],
)
def test_whitespace_around_the_text_is_cut(
    text: str, spans: list[Span], trimmed: str, kept: list[Span]
) -> None:
    formatted = given(text, *spans)
    assert (formatted.text, spans_of(formatted)) == (trimmed, kept)


@pytest.mark.parametrize(
    ("text", "spans", "cleaned", "kept"),
    [
        ("a\rb\r\nc", [("bold", 2, 4)], "ab\nc", [("bold", 1, 3)]),
        ("a\x00\tb\x1fc", [("bold", 3, 1)], "a  b c", [("bold", 3, 1)]),
        ("a\u202ab\u030ac", [("bold", 1, 4)], "abc", [("bold", 1, 2)]),
        ("a\rb", [("bold", 0, 1), ("bold", 2, 1)], "ab", [("bold", 0, 2)]),
        ("a\rb", [("bold", 1, 1)], "ab", []),
        ("a\u200e\u200f\u200eb", [], "a\u200c\u200c\u200eb", []),
    ],
)
def test_characters_that_telegram_does_not_keep_vanish(
    text: str, spans: list[Span], cleaned: str, kept: list[Span]
) -> None:
    formatted = given(text, *spans)
    assert (formatted.text, spans_of(formatted)) == (cleaned, kept)


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("t.me", "http://t.me/"),
        ("HTTPS://Example.COM/Path?Q#f", "https://example.com/Path?Q#f"),
        ("http://u:p@a.com:0080/", "http://u:p@a.com:80/"),
        ("a.com?b c ", "http://a.com/?b%20c"),
        ("http://[::1]/", "http://[::1]/"),
        ("пример.рф", "http://пример.рф/"),
        ("tg:resolve?domain=a", "tg://resolve?domain=a"),
        ("tonsite://a.ton/b", "tonsite://a.ton/b"),
        ("tg://user?id=0", "tg://user?id=0"),
    ],
)
def test_a_link_is_stored_in_its_full_form(url: str, stored: str) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": url}
    (kept,) = format_text("x", parse_mode=None, entities=[entity]).entities
    assert kept == {"type": "text_link", "offset": 0, "length": 1, "url": stored}


def test_a_given_link_to_a_user_is_a_mention() -> None:
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": "tg://user?id=12"}
    (kept,) = format_text("x", parse_mode=None, entities=[entity]).entities
    assert (kept["type"], kept["user"]["id"]) == ("text_mention", 12)


@pytest.mark.parametrize(
    ("details", "kept"),
    [
        ({"type": "custom_emoji", "custom_emoji_id": "9"}, {"custom_emoji_id": "9"}),
        ({"type": "pre", "language": "py"}, {"language": "py"}),
        ({"type": "pre", "language": ""}, {}),
        ({"type": "code", "language": "py"}, {}),
        (
            {"type": "date_time", "unix_time": 5, "date_time_format": "DWtT"},
            {"unix_time": 5, "date_time_format": "wDt"},
        ),
        ({"type": "date_time", "unix_time": 5}, {"unix_time": 5, "date_time_format": ""}),
        (
            {"type": "text_mention", "user": {"id": 7, "is_bot": False, "first_name": "Anna"}},
            {"user": {"id": 7, "is_bot": False, "first_name": ""}},
        ),
    ],
)
def test_a_given_entity_keeps_what_its_type_needs(
    details: dict[str, Any], kept: dict[str, Any]
) -> None:
    entity = {"offset": "0", "length": 1, **details}
    formatted = format_text("x", parse_mode=None, entities=[entity])
    assert formatted.entities == [{"type": details["type"], "offset": 0, "length": 1, **kept}]


def test_lengths_are_counted_in_utf16_units() -> None:
    assert (utf16_length("я🙂a"), utf16_slice("я🙂a", 1, 2)) == (4, "🙂")
