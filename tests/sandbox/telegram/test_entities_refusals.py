"""Texts that Telegram refuses, and its words for it; offsets in them are bytes of UTF-8."""

from typing import Any

import pytest

from sandbox.telegram.entities import EntityError, format_text

LOST_SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


MIDDLE = "in a middle of a UTF-16 symbol at byte offset 6"


def refusal(text: str, mode: str | None, entities: list[Any] | None = None) -> str:
    with pytest.raises(EntityError) as error:
        format_text(text, parse_mode=mode, entities=entities)
    return error.value.description


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a<b/>", 'Unsupported start tag "b/" at byte offset 1'),
        ("привет 🙂 <Х y>", 'Unsupported start tag "Х" at byte offset 18'),
        ("&lt;<i>&lt;</i><X>", 'Unsupported start tag "x" at byte offset 15'),
        ("я<b", "Unclosed start tag at byte offset 2"),
        ("<a href='x'", "Unclosed start tag at byte offset 0"),
        ("🙂<a href='x", "Unclosed start tag at byte offset 4"),
        ("<a href=x", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href = ", 'Unclosed start tag "a" at byte offset 0'),
        ("я<i =x>", 'Empty attribute name in the tag "i" at byte offset 2'),
        ("<i /></i>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("я<a href=x/>y</a>", "Unexpected end of name token at byte offset 10"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('я<span class="x">', 'Tag "span" must have class "tg-spoiler" at byte offset 2'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("🙂<b></b></", "Unexpected end tag at byte offset 11"),
        ("<b>я</b", "Unclosed end tag at byte offset 5"),
        ("<b>я</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><TG-SPOILER>", 'Can\'t find end tag corresponding to start tag "tg-spoiler"'),
        ("<tg-emoji emoji-id=01>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("<tg-time unix=1 format=rt>x</tg-time>", "Invalid date format used"),
        ("&#xD83D;", LOST_SURROGATE),
        ("<a href='&#xD83D;&#xDE42;'>", LOST_SURROGATE),
    ],
)
def test_broken_html_is_refused(markup: str, reason: str) -> None:
    assert refusal(markup, "HTML") == f"can't parse entities: {reason}"


@pytest.mark.parametrize("character", [*"]()>#+-=|{}.!"])
def test_a_reserved_character_must_be_escaped(character: str) -> None:
    assert refusal(f"a{character}", "MarkdownV2") == (
        f"can't parse entities: Character '{character}' is reserved "
        "and must be escaped with the preceding '\\'"
    )


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("я*b", "Can't find end of Bold entity at byte offset 2"),
        ("🙂_b", "Can't find end of Italic entity at byte offset 4"),
        ("__b", "Can't find end of Underline entity at byte offset 0"),
        ("__b_", "Can't find end of Italic entity at byte offset 3"),
        ("~b", "Can't find end of Strikethrough entity at byte offset 0"),
        ("||b", "Can't find end of Spoiler entity at byte offset 0"),
        ("`b", "Can't find end of Code entity at byte offset 0"),
        ("```b", "Can't find end of Pre entity at byte offset 0"),
        ("```b c", "Can't find end of PreCode entity at byte offset 0"),
        ("[b", "Can't find end of TextUrl entity at byte offset 0"),
        ("![b", "Can't find end of CustomEmoji entity at byte offset 0"),
        ("*a _b*_", "Can't find end of Italic entity at byte offset 6"),
        ("я[b](url", "Can't find end of a URL at byte offset 6"),
        ("![b](tg://emoji?id=1", "Can't find end of a URL at byte offset 5"),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        (">a\n>||b\nc", "Can't find end of Spoiler entity at byte offset 4"),
        (">*a||\nb", "Can't find end of Bold entity at byte offset 1"),
        ("![b]", "The entity must contain a tg://emoji or tg://time URL"),
        ("![b](t.me)", "Invalid tg://emoji or tg://time URL specified"),
        ("![b](tg://emoji?id=0)", "Invalid tg://emoji or tg://time URL specified"),
        ("![b](tg://time?unix=0)", "Invalid tg://emoji or tg://time URL specified"),
        ("![b](tg://time?unix=1&format=x)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_broken_markdown_v2_is_refused(markup: str, reason: str) -> None:
    assert refusal(markup, "MarkdownV2") == f"can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("markup", "offset"), [("*a", 0), ("я_a", 2), ("🙂 `a", 5), ("a ```b`", 2), ("_a_ [b", 4)]
)
def test_legacy_markdown_without_an_end_is_refused(markup: str, offset: int) -> None:
    reason = f"Can't find end of the entity starting at byte offset {offset}"
    assert refusal(markup, "Markdown") == f"can't parse entities: {reason}"


def test_an_unknown_parse_mode_is_refused() -> None:
    assert refusal("a", "XML") == "unsupported parse_mode"


def test_half_of_a_surrogate_pair_is_refused() -> None:
    assert refusal("a\ud83d", None) == "text must be encoded in UTF-8"


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"offset": 0, "length": 1}, 'Can\'t find field "type"'),
        ({"type": "bold", "length": 1}, 'Can\'t find field "offset"'),
        ({"type": "bold", "offset": 0, "length": None}, 'Can\'t find field "length"'),
        ({"type": "bold", "offset": [], "length": 1}, 'Field "offset" must be a Number'),
        ({"type": "bold", "offset": "x", "length": 1}, 'Field "offset" must be a valid Number'),
        ({"type": 5, "offset": 0, "length": 1}, 'Field "type" must be of type String'),
        ({"type": "", "offset": 0, "length": 1}, "Type is not specified"),
        ({"type": "shiny", "offset": 0, "length": 1}, "Unsupported type specified"),
        ({"type": "text_link", "offset": 0, "length": 1}, 'Can\'t find field "url"'),
        ({"type": "text_mention", "offset": 0, "length": 1}, 'Can\'t find field "user"'),
        (
            {"type": "text_mention", "offset": 0, "length": 1, "user": 7},
            'Field "user" must be of type Object',
        ),
        ({"type": "date_time", "offset": 0, "length": 1}, 'Can\'t find field "unix_time"'),
        (
            {
                "type": "date_time",
                "offset": 0,
                "length": 1,
                "unix_time": 1,
                "date_time_format": "x",
            },
            "Invalid date-time format specified",
        ),
    ],
)
def test_an_unreadable_entity_is_refused(entity: dict[str, Any], reason: str) -> None:
    assert refusal("text", None, [entity]) == f"can't parse MessageEntity: {reason}"


@pytest.mark.parametrize(
    ("offset", "length", "description"),
    [
        (-1, 1, "receive an entity with incorrect offset -1"),
        (0, -1, "receive an entity with incorrect length -1"),
        (0, 1_000_001, "receive an entity with incorrect length 1000001"),
        (5, 1, "entity begins after the end of the text at UTF-16 offset 5"),
        (
            0,
            5,
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 5",
        ),
        (2, 1, f"entity begins {MIDDLE}"),
        (
            0,
            2,
            f"entity beginning at UTF-16 offset 0 ends {MIDDLE}",
        ),
    ],
)
def test_an_entity_must_fit_the_text(offset: int, length: int, description: str) -> None:
    entity = {"type": "bold", "offset": offset, "length": length}
    assert refusal("я🙂x", None, [entity]) == description


@pytest.mark.parametrize(
    ("details", "description"),
    [
        (
            {"type": "custom_emoji", "custom_emoji_id": "0"},
            "invalid custom emoji identifier specified",
        ),
        ({"type": "date_time", "unix_time": 0}, "invalid date specified"),
    ],
)
def test_an_entity_without_sense_is_refused(details: dict[str, Any], description: str) -> None:
    assert refusal("text", None, [{"offset": 0, "length": 1, **details}]) == description


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("localhost", "Wrong HTTP URL"),
        ("ftp://a.com", "Unsupported URL protocol"),
        ("http://a.com:0", "Wrong port number specified in the URL"),
        ("http://a.com:65536", "Wrong port number specified in the URL"),
        ("http://a.com:", "Wrong port number specified in the URL"),
        ("https://", "URL host is empty"),
        (".", "Host is invalid"),
        ("a b.com", "Disallowed character in URL host"),
        ("a%2.com", "Wrong percent-encoded symbol in URL host"),
        ("a b@c.com", "Disallowed character in URL userinfo"),
        ("http://[1:2]/", "Wrong IPv6 address specified in the URL"),
        ("tg:http://a.com", "Wrong tg URL"),
        ("ton://a:1", "Wrong ton URL"),
        ("tg://a.b", "Unallowed characters in URL host"),
    ],
)
def test_a_given_link_must_be_one(url: str, reason: str) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": url}
    assert refusal("text", None, [entity]) == f"entity URL '{url}' is invalid: {reason}"
