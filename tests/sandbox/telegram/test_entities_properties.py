"""True of every text: escaping loses nothing, entities fit, only EntityError is raised."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration, markdown_decoration
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.telegram.entities import (
    EntityError,
    FormattedText,
    format_text,
    utf16_length,
    utf16_slice,
)
from tests.support.rounds import examples

MODES = ("HTML", "MarkdownV2", "Markdown", None)
STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
properties = settings(deadline=None, database=None, max_examples=examples(60))

texts = st.text(st.characters(codec="utf-8"), max_size=60) | st.text(
    "ab я🙂.@/#$<>&_*`[]()~|!\\\r\n:+1", max_size=60
)
words = st.text("abя🙂", min_size=1, max_size=3)
markup = st.lists(
    st.sampled_from(
        [
            *("<b>", "</b>", "<i>", "</", ">", "<a href='t.me'>", "</a>", "<pre>", "<code class="),
            *("language-c", "</code>", "</pre>", "<blockquote expandable>", "</blockquote>", "&#"),
            *("&lt;", "<tg-time unix=1>", "<tg-emoji emoji-id=1>", "=", '"', "'", "\0"),
            *("*", "_", "__", "~", "||", "`", "```", "[", "](", ")", "![", "tg://emoji?id=1"),
            *("tg://time?unix=1", "tg://user?id=1", ">", "\n", "\r", "\\", "**>", "\n>", "."),
            *("🙂", "я", "a", " ", "a.com", "@", "/go", "#x", "$A", ":", "//", "http"),
        ]
    ),
    max_size=25,
).map("".join)
entities = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                [*STYLES, "code", "pre", "blockquote", "expandable_blockquote", "text_link", "url"]
            ),
            "offset": st.integers(0, 12),
            "length": st.integers(0, 12),
            "url": st.just("http://t.me/") | texts,
        }
    ),
    max_size=6,
)


def escape_markdown_v2(text: str) -> str:
    return re.sub(r"([_*\[\]()~`>#+\-=|{}.!\\])", r"\\\1", text)


def escape_markdown(text: str) -> str:
    return re.sub(r"([_*`\[])", r"\\\1", text)


@pytest.mark.parametrize(
    ("mode", "escape"),
    [
        ("HTML", html.escape),
        ("MarkdownV2", escape_markdown_v2),
        ("Markdown", escape_markdown),
    ],
)
@properties
@given(text=texts)
def test_an_escaped_text_is_the_plain_text(
    mode: str, escape: Callable[[str], str], text: str
) -> None:
    assert format_text(escape(text), parse_mode=mode) == format_text(text, parse_mode=None)


def formatted(
    text: str, mode: str | None, given_entities: list[dict[str, Any]] | None = None
) -> FormattedText | None:
    """None for a refused text; any other error fails the test."""
    try:
        return format_text(text, parse_mode=mode, entities=given_entities)
    except EntityError:
        return None


def expect_sound_entities(result: FormattedText) -> None:
    """Entities lie inside the text, are sorted, split no pair and never half overlap."""
    spans = [(e["offset"], e["offset"] + e["length"]) for e in result.entities]
    assert spans == sorted(spans, key=lambda span: (span[0], -span[1]))
    for i, (start, end) in enumerate(spans):
        assert 0 <= start < end <= utf16_length(result.text)
        utf16_slice(result.text, start, end - start)
        assert all(other >= end or other_end <= end for other, other_end in spans[i + 1 :])


@pytest.mark.parametrize("mode", MODES)
@properties
@given(text=markup | texts)
def test_entities_always_fit_their_text(mode: str | None, text: str) -> None:
    result = formatted(text, mode)
    if result:
        expect_sound_entities(result)


@properties
@given(text=texts, given_entities=entities)
def test_given_entities_are_refused_or_made_to_fit(
    text: str, given_entities: list[dict[str, Any]]
) -> None:
    result = formatted(text, None, given_entities)
    if result:
        expect_sound_entities(result)


@pytest.mark.parametrize("mode", MODES)
@properties
@given(text=markup)
def test_a_received_text_can_be_sent_back(mode: str | None, text: str) -> None:
    result = formatted(text, mode)
    if result:
        assert formatted(result.text, None, result.entities) == result


Leaf = tuple[str, str]
Tree = list[Any]


def trees(styles: frozenset[str], leaves: tuple[str, ...]) -> st.SearchStrategy[Tree]:
    """Nested styles, none inside itself, with words at the leaves: (kind, word or tree)."""
    leaf = st.tuples(st.sampled_from(leaves), words)
    if not styles:
        return st.lists(leaf, min_size=1, max_size=2)
    node = st.sampled_from(sorted(styles)).flatmap(
        lambda style: st.tuples(st.just(style), trees(styles - {style}, leaves))
    )
    return st.lists(leaf | node, min_size=1, max_size=3)


HTML_TAGS = {
    "text": "{}",
    "bold": "<b>{}</b>",
    "italic": "<em>{}</em>",
    "underline": "<u>{}</u>",
    "strikethrough": "<del>{}</del>",
    "spoiler": '<span class="tg-spoiler">{}</span>',
    "code": "<code>{}</code>",
    "text_link": "<a href='t.me/x'>{}</a>",
}
MARKDOWN_SIGNS = {
    "text": "{}",
    "bold": "*{}*",
    "italic": "_\r{}_\r",
    "underline": "__\r{}__\r",
    "strikethrough": "~{}~",
    "spoiler": "||{}||",
    "code": "`{}`",
    "text_link": "[{}](t.me/x)",
}


def rendered(tree: Tree, signs: dict[str, str]) -> str:
    return "".join(
        signs[kind].format(inner if isinstance(inner, str) else rendered(inner, signs))
        for kind, inner in tree
    )


def expected(tree: Tree, around: frozenset[str] = frozenset()) -> list[tuple[str, frozenset[str]]]:
    """Every character with the types that cover it; code takes the styles off."""
    covered = []
    for kind, inner in tree:
        kinds = around | {kind} - {"text"}
        if isinstance(inner, str):
            final = frozenset({"code"}) if kind == "code" else frozenset(kinds)
            covered += [(character, final) for character in inner]
        else:
            covered += expected(inner, frozenset(kinds))
    return covered


def seen(result: FormattedText) -> list[tuple[str, frozenset[str]]]:
    covered = []
    offset = 0
    for character in result.text:
        kinds = {
            e["type"] for e in result.entities if e["offset"] <= offset < e["offset"] + e["length"]
        }
        covered.append((character, frozenset(kinds)))
        offset += utf16_length(character)
    return covered


@pytest.mark.parametrize(("mode", "signs"), [("HTML", HTML_TAGS), ("MarkdownV2", MARKDOWN_SIGNS)])
@properties
@given(tree=trees(frozenset(STYLES), ("text", "code", "text_link")))
def test_nested_markup_covers_the_right_characters(
    mode: str, signs: dict[str, str], tree: Tree
) -> None:
    assert seen(format_text(rendered(tree, signs), parse_mode=mode)) == expected(tree)


AIOGRAM_TAGS = {
    **HTML_TAGS,
    "text_mention": "<a href='tg://user?id=5'>{}</a>",
    "custom_emoji": "<tg-emoji emoji-id=5>{}</tg-emoji>",
    "date_time": "<tg-time unix=5 format=td>{}</tg-time>",
    "pre": "<pre>{}</pre>",
    "blockquote": "<blockquote>{}</blockquote>",
    "expandable_blockquote": "<blockquote expandable>{}</blockquote>",
}
# In MarkdownV2 aiogram puts quotations and pre blocks on lines of their own, which changes the
# text, and calls the parameter of tg://emoji "emoji_id", which Telegram doesn't know.
IN_MARKDOWN = ("text", "code", "text_link", "text_mention", "date_time")


@pytest.mark.parametrize(
    ("mode", "decoration", "leaves"),
    [
        ("HTML", html_decoration, tuple(AIOGRAM_TAGS.keys() - set(STYLES))),
        ("MarkdownV2", markdown_decoration, IN_MARKDOWN),
    ],
)
@properties
@given(data=st.data())
def test_what_aiogram_writes_is_read_back(
    mode: str, decoration: Any, leaves: tuple[str, ...], data: st.DataObject
) -> None:
    tree = data.draw(trees(frozenset(STYLES), tuple(sorted(leaves))))
    result = format_text(rendered(tree, AIOGRAM_TAGS), parse_mode="HTML")
    aiogram_entities = [MessageEntity(**entity) for entity in result.entities]
    written = decoration.unparse(result.text, aiogram_entities)
    assert format_text(written, parse_mode=mode) == result
