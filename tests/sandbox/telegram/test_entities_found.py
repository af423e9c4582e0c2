"""Entities that Telegram finds in a text by itself."""

import pytest

from sandbox.telegram.entities import format_text, utf16_slice


def found(text: str, parse_mode: str | None = None) -> list[tuple[str, str]]:
    formatted = format_text(text, parse_mode=parse_mode)
    return [
        (entity["type"], utf16_slice(formatted.text, entity["offset"], entity["length"]))
        for entity in formatted.entities
    ]


def only(kind: str, text: str) -> list[str]:
    return [part for entity_type, part in found(text) if entity_type == kind]


def test_every_kind_is_found_where_it_stands() -> None:
    text = "🙂 /go @anna #тег $USD a.com a@b.com +7 999 123-45-67"
    assert found(text) == [
        ("bot_command", "/go"),
        ("mention", "@anna"),
        ("hashtag", "#тег"),
        ("cashtag", "$USD"),
        ("url", "a.com"),
        ("email", "a@b.com"),
        ("phone_number", "+7 999 123-45-67"),
    ]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("@anna, @Gif (@x_1y)", ["@anna", "@Gif", "@x_1y"]),
        ("@abc @n a@anna я@anna", []),
        ("@" + "a" * 32 + " @" + "b" * 33, ["@" + "a" * 32]),
        ("@annaя @anna@bobby", ["@anna"]),
    ],
)
def test_a_mention_is_a_username(text: str, mentions: list[str]) -> None:
    assert only("mention", text) == mentions


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/start /a@b_bot, (/x)", ["/start", "/a@b_bot", "/x"]),
        ("/a@b a/b //c /d/ </e> /старт", []),
        ("/" + "a" * 64 + " /" + "b" * 65, ["/" + "a" * 64]),
    ],
)
def test_a_command_stands_apart(text: str, commands: list[str]) -> None:
    assert only("bot_command", text) == commands


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("#a #я1 #1a #te·st #aං #_x", ["#a", "#я1", "#1a", "#te·st", "#aං", "#_x"]),
        ("#1 # я#a #b# ##", []),
        ("#a#b #c@chat #d@x", ["#c@chat", "#d"]),
        ("#" + "a" * 300, ["#" + "a" * 256]),
        ("#a²", ["#a"]),
    ],
)
def test_a_hashtag_has_a_letter(text: str, hashtags: list[str]) -> None:
    assert only("hashtag", text) == hashtags


@pytest.mark.parametrize(
    ("text", "cashtags"),
    [
        (
            "$A $ABCDEFGH $1INCH $USD@chat $EUR@x",
            ["$A", "$ABCDEFGH", "$1INCH", "$USD@chat", "$EUR"],
        ),
        ("$a $ABCDEFGHI $USD1 я$USD $$USD $USD$", []),
    ],
)
def test_a_cashtag_is_in_capitals(text: str, cashtags: list[str]) -> None:
    assert only("cashtag", text) == cashtags


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (
            "t.me/x, (a.com/b_(c)). HTTP://A.B.Org:80/?q#f!",
            ["t.me/x", "a.com/b_(c)", "HTTP://A.B.Org:80/?q#f"],
        ),
        ("https://example.unknown", ["https://example.unknown"]),
        ("example.unknown конец.Новое end.Net", []),
        ("окно.рф ОКНО.РФ xn--80ak6aa.xn--p1ai", ["окно.рф", "ОКНО.РФ", "xn--80ak6aa.xn--p1ai"]),
        ("127.0.0.1 1.2.3 256.1.1.1 01.1.1.1 1.5", ["127.0.0.1"]),
        (
            "http://u:p@a.com tg://resolve?a ton://x",
            ["http://u:p@a.com", "tg://resolve?a", "ton://x"],
        ),
        ("sftp://a.com rdar://a.com file.py/usr/a.com", ["file.py/usr/a.com"]),
        ("#a.com @a.com /a.com a_.com a-.com", []),
        ("teiegram.org http://a.b@c", []),
        ("«a.com» <b.com> [c.com](d.com)", ["a.com", "b.com", "c.com", "d.com"]),
        ("a.com:65535 b.com:65536 c.com:0", ["a.com:65535", "b.com", "c.com"]),
        ("a.com:80..b.com x..b.com", ["a.com:80", "b.com"]),
        ("a.com? b.com# c.com/? d.com...", ["a.com", "b.com", "c.com/", "d.com"]),
    ],
)
def test_a_url_has_a_scheme_or_a_known_domain(text: str, urls: list[str]) -> None:
    assert only("url", text) == urls


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("a.b@d-e.com c+d@e.ru mailto:x@y.software", ["a.b@d-e.com", "c+d@e.ru", "x@y.software"]),
        ("a@b a@b.c @b.com a@b@c.com", []),
    ],
)
def test_an_email_has_a_domain(text: str, emails: list[str]) -> None:
    assert only("email", text) == emails


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("+1-212-555-0123 +7(999)1234567", ["+1-212-555-0123", "+7(999)1234567"]),
        ("+123 12125550123 a+12125550123 +1234567890123456 +12125550123x", []),
    ],
)
def test_a_phone_number_is_international(text: str, phones: list[str]) -> None:
    assert only("phone_number", text) == phones


@pytest.mark.parametrize("tag", ["code", "pre", "a href=t.me", "tg-time unix=1"])
def test_nothing_is_found_inside_code_and_links(tag: str) -> None:
    kinds = [kind for kind, _ in found(f"<{tag}>/go a.com</>", "HTML")]
    assert len(kinds) == 1


def test_links_are_found_inside_styles_and_quotations() -> None:
    assert found("<blockquote><b>x a.com</b></blockquote>", "HTML") == [
        ("blockquote", "x a.com"),
        ("bold", "x "),
        ("url", "a.com"),
        ("bold", "a.com"),
    ]


def test_of_two_that_overlap_the_first_is_kept() -> None:
    assert found("https://t.me/#tag/@anna") == [("url", "https://t.me/#tag/@anna")]
