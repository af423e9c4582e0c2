"""The three parse modes: each makes a plain text and its entities of markup."""

from typing import Any

import pytest

from sandbox.telegram.entities import FormattedText, format_text


def shown(formatted: FormattedText) -> tuple[str, list[str]]:
    """The text and its entities as "type offset+length"."""
    spans = [f"{e['type']} {e['offset']}+{e['length']}" for e in formatted.entities]
    return formatted.text, spans


@pytest.mark.parametrize(
    ("markup", "text", "spans"),
    [
        ("plain", "plain", []),
        ("<b>a</b> <strong>b</strong>", "a b", ["bold 0+1", "bold 2+1"]),
        ("<i>a</i> <em>b</em>", "a b", ["italic 0+1", "italic 2+1"]),
        ("<u>a</u> <ins>b</ins>", "a b", ["underline 0+1", "underline 2+1"]),
        ("<s>a</s> <strike>b</strike>", "a b", ["strikethrough 0+1", "strikethrough 2+1"]),
        ("<del>a</del>", "a", ["strikethrough 0+1"]),
        ("<tg-spoiler>a</tg-spoiler>", "a", ["spoiler 0+1"]),
        ('<span class="tg-spoiler">a</span>', "a", ["spoiler 0+1"]),
        ("<code>a</code> <pre>b</pre>", "a b", ["code 0+1", "pre 2+1"]),
        ("<blockquote>a</blockquote>", "a", ["blockquote 0+1"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote 0+1"]),
        ("<blockquote expandable=no>a</blockquote>", "a", ["expandable_blockquote 0+1"]),
        ("<B>a</b><i >b</I >", "ab", ["bold 0+1", "italic 1+1"]),
        ("<b>a</>", "a", ["bold 0+1"]),
        ("<b aba = caba  x='<'>a</b>", "a", ["bold 0+1"]),
        ("a<b></b>c", "ac", []),
        ("🙂<b>привет 🙂</b>", "🙂привет 🙂", ["bold 2+9"]),
        ("<b>a<code>b</code>c</b>", "abc", ["bold 0+1", "code 1+1", "bold 2+1"]),
        ("<code>a<b>b</b></code>", "ab", ["code 0+2"]),
        ("<a href=t.me><b>a</b>b</a>", "ab", ["text_link 0+2", "bold 0+1"]),
        ("<blockquote>a<pre>b</pre></blockquote>", "ab", ["blockquote 0+2", "pre 1+1"]),
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "', []),
        ("&lt &amp", "< &", []),
        ("&#1071;&#x42f;&#x1F642", "ЯЯ🙂", []),
        ("&nbsp;&apos; & &#0; &#1114112; &#;", "&nbsp;&apos; & &#0; &#1114112; &#;", []),
        ("a > b", "a > b", []),
    ],
)
def test_html_becomes_text_and_entities(markup: str, text: str, spans: list[str]) -> None:
    assert shown(format_text(markup, parse_mode="HTML")) == (text, spans)


@pytest.mark.parametrize(
    ("markup", "text", "spans"),
    [
        (r"a\.b\!c\\", "a.b!c\\", []),
        ("*a* _b_ __c__", "a b c", ["bold 0+1", "italic 2+1", "underline 4+1"]),
        ("~a~ ||b|| `c`", "a b c", ["strikethrough 0+1", "spoiler 2+1", "code 4+1"]),
        ("*a _b_*", "a b", ["bold 0+2", "bold 2+1", "italic 2+1"]),
        ("__a _b_\r__", "a b", ["underline 0+2", "italic 2+1", "underline 2+1"]),
        ("__a _b_ __", "a b", ["underline 0+2", "italic 2+1", "underline 2+1"]),
        ("_a __b__ c_", "a b c", ["italic 0+2", "italic 2+3", "underline 2+1"]),
        ("**a____b``c", "abc", []),
        ("`a_*[b` c", "a_*[b c", ["code 0+5"]),
        (r"`a\`b`", "a`b", ["code 0+3"]),
        ("```\na\n```", "a", ["pre 0+1"]),
        ("```py\na```b", "ab", ["pre 0+1"]),
        ("```a```", "a", ["pre 0+1"]),
        ("[a](t.me)", "a", ["text_link 0+1"]),
        (r"[t\.me]", "t.me", ["text_link 0+4"]),
        ("[a](not a link)", "a", []),
        ("[*a*b](t.me)", "ab", ["text_link 0+2", "bold 0+1"]),
        ("![👍](tg://emoji?id=5)a", "👍a", ["custom_emoji 0+2"]),
        ("![now](tg://time?unix=5)", "now", ["date_time 0+3"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote 0+4"]),
        (">a\n**>b", "a\nb", ["blockquote 0+2", "blockquote 2+1"]),
        (">a\n>b||\nc", "a\nb\nc", ["expandable_blockquote 0+4"]),
        (">a||", "a", ["expandable_blockquote 0+1"]),
        (">||a||", "a", ["blockquote 0+1", "spoiler 0+1"]),
        (">||a||||", "a", ["expandable_blockquote 0+1", "spoiler 0+1"]),
        ("**>a\n>b||\r\nc", "a\nb\nc", ["expandable_blockquote 0+4"]),
        ("\n>a", "a", ["blockquote 0+1"]),
        (r"\>a", ">a", []),
        ("🙂*🙂*", "🙂🙂", ["bold 2+2"]),
    ],
)
def test_markdown_v2_becomes_text_and_entities(markup: str, text: str, spans: list[str]) -> None:
    assert shown(format_text(markup, parse_mode="MarkdownV2")) == (text, spans)


@pytest.mark.parametrize(
    ("markup", "text", "spans"),
    [
        ("a.b! (c) ~d~ __e__", "a.b! (c) ~d~ e", []),
        ("*a* _b_ `c`", "a b c", ["bold 0+1", "italic 2+1", "code 4+1"]),
        ("*a_b*", "a_b", ["bold 0+3"]),
        (r"\*a\* \_ \` \[ \b", r"*a* _ ` [ \b", []),
        ("```\na```", "a", ["pre 0+1"]),
        ("```py\na\n```b", "a\nb", ["pre 0+2"]),
        ("[a](t.me)b", "ab", ["text_link 0+1"]),
        ("[t.me]", "t.me", ["text_link 0+4"]),
        ("[a](t.me", "a", ["text_link 0+1"]),
        ("[a](not a link)", "a", []),
        ("[](t)", "(t)", []),
        ("я🙂*я*", "я🙂я", ["bold 3+1"]),
    ],
)
def test_legacy_markdown_becomes_text_and_entities(
    markup: str, text: str, spans: list[str]
) -> None:
    assert shown(format_text(markup, parse_mode="Markdown")) == (text, spans)


@pytest.mark.parametrize(
    ("mode", "markup", "details"),
    [
        ("HTML", '<a href="t.me/a?b&amp;c">x</a>', {"url": "http://t.me/a?b&c"}),
        ("HTML", "<a>telegram.org</a>", {"url": "http://telegram.org/"}),
        ("HTML", "<tg-emoji emoji-id='77'>🙂</tg-emoji>", {"custom_emoji_id": "77"}),
        ("HTML", '<pre><code class="language-c">x</code></pre>', {"language": "c"}),
        ("HTML", '<code class="language-c"><pre>x</pre></code>', {"language": "c"}),
        ("HTML", '<tg-time unix="9">x</tg-time>', {"unix_time": 9, "date_time_format": ""}),
        (
            "HTML",
            '<tg-time unix="9" format="Twd">x</tg-time>',
            {"unix_time": 9, "date_time_format": "wdT"},
        ),
        ("HTML", '<a href="tg://user?id=8">x</a>', {"user": {"id": 8}}),
        ("MarkdownV2", r"[x](https://t.me/\)\()", {"url": "https://t.me/)("}),
        ("MarkdownV2", "[x](TG:user?id=8)", {"user": {"id": 8}}),
        ("MarkdownV2", "![x](tg://emoji?id=77)", {"custom_emoji_id": "77"}),
        (
            "MarkdownV2",
            "![x](tg://time?unix=9&format=r)",
            {"unix_time": 9, "date_time_format": "r"},
        ),
        ("MarkdownV2", "```c\nx```", {"language": "c"}),
        ("Markdown", "```c\nx```", {"language": "c"}),
        ("Markdown", "[x](tg://user?id=8)", {"user": {"id": 8}}),
    ],
)
def test_an_entity_carries_what_its_type_needs(
    mode: str, markup: str, details: dict[str, Any]
) -> None:
    (entity,) = format_text(markup, parse_mode=mode).entities
    extra = {name: entity[name] for name in entity.keys() - {"type", "offset", "length"}}
    if "user" in extra:
        extra["user"] = {"id": extra["user"]["id"]}
    assert extra == details


@pytest.mark.parametrize(
    "markup", ["<code class='language-c'>x</code>", "<pre><code class='language-c'>x</code> </pre>"]
)
def test_a_language_counts_only_for_a_code_that_fills_a_pre(markup: str) -> None:
    assert all("language" not in e for e in format_text(markup, parse_mode="HTML").entities)


@pytest.mark.parametrize("markup", ["<tg-time unix=0>x</tg-time>", "<tg-time>x</tg-time>"])
def test_a_time_tag_without_a_moment_is_plain_text(markup: str) -> None:
    assert shown(format_text(markup, parse_mode="HTML")) == ("x", [])


@pytest.mark.parametrize("mode", ["html", "HTML", "Html"])
def test_the_parse_mode_ignores_case(mode: str) -> None:
    assert shown(format_text("<b>a</b>", parse_mode=mode)) == ("a", ["bold 0+1"])


@pytest.mark.parametrize("mode", [None, "", "None"])
def test_without_a_parse_mode_markup_is_text(mode: str | None) -> None:
    assert shown(format_text("<b>*a*</b>", parse_mode=mode)) == ("<b>*a*</b>", [])


def test_a_parse_mode_wins_over_given_entities() -> None:
    given = [{"type": "italic", "offset": 0, "length": 1}]
    formatted = format_text("<b>a</b>", parse_mode="HTML", entities=given)
    assert shown(formatted) == ("a", ["bold 0+1"])
