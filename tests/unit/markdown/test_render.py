"""Each construct of Markdown, and what a message shows of it."""

import pytest

from dialogs.kit.markdown import Part, render
from tests.support.formatting import shape


def only(markdown: str) -> Part:
    (part,) = render(markdown)
    return part


@pytest.mark.parametrize(
    ("markdown", "text", "formatting"),
    [
        ("**b** and __b__", "b and b", [("bold", "b"), ("bold", "b")]),
        ("*i* _i_ ~~s~~", "i i s", [("italic", "i"), ("italic", "i"), ("strikethrough", "s")]),
        ("***both***", "both", [("bold", "both"), ("italic", "both")]),
        ("**a *b* c**", "a b c", [("bold", "a "), ("bold", "b c"), ("italic", "b")]),
        ("*a **b***__c__", "a bc", [("italic", "a "), ("bold", "bc"), ("italic", "b")]),
        ("`a*b*`", "a*b*", [("code", "a*b*")]),
        ("**x `c` y**", "x c y", [("bold", "x "), ("code", "c"), ("bold", " y")]),
        ("# Title", "Title", [("bold", "Title")]),
        ("### A `c` **b**", "A c b", [("bold", "A "), ("code", "c"), ("bold", " b")]),
        ("2 \\* 3", "2 * 3", []),
        ("a<br>b <div>c</div>", "a<br>b <div>c</div>", []),
        ("<div>\n*c*\n</div>", "<div>\nc\n</div>", [("italic", "c")]),
        ("one\ntwo  \nthree", "one\ntwo\nthree", []),
        ("a\n\nb", "a\n\nb", []),
        ("a\n\n***\n\nb", "a\n\n————————\n\nb", []),
        ("a\n---", "a\n————————", []),
        ("[note]: this", "[note]: this", []),
        ("**unfinished", "**unfinished", []),
    ],
)
def test_shows_styles(markdown: str, text: str, formatting: list[tuple[str, str]]) -> None:
    part = only(markdown)

    assert part.text == text
    assert shape(part) == formatting


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("- a\n- b", "• a\n• b"),
        ("* a\n\n* b", "• a\n\n• b"),
        ("- a\n  more\n  - b\n    - c\n- d", "• a\n  more\n  • b\n    • c\n• d"),
        ("- - a", "• • a"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("1. a\n1. b\n1. c", "1. a\n2. b\n3. c"),
        ("3. a\n2. b\n1. c", "3. a\n2. b\n1. c"),
        ("7) a", "7) a"),
        ("1986. A year", "1986. A year"),
        ("- [ ] a\n- [x] b", "☐ a\n☑ b"),
        ("1. [x] a", "1. ☑ a"),
        ("- a\n\n  b", "• a\n\n  b"),
        ("-", "-"),
        ("1.", "1."),
    ],
)
def test_shows_lists(markdown: str, text: str) -> None:
    assert only(markdown).text == text


@pytest.mark.parametrize(
    ("markdown", "text", "formatting"),
    [
        ("```\na\n```", "a", [("pre", "a")]),
        ("```\n\n  a\n   b\n\n```", "  a\n   b", [("pre", "  a\n   b")]),
        ("    a\n    b", "a\nb", [("pre", "a\nb")]),
        ("```\n<b>&\n", "<b>&", [("pre", "<b>&")]),
        ("```\n\tx", "    x", [("pre", "    x")]),
        ("- a\n  ```\n  b\n  ```", "• a\nb", [("pre", "b")]),
        ("1. ```\n   b\n   ```", "1.\nb", [("pre", "b")]),
        ("> a\n> b", "a\nb", [("blockquote", "a\nb")]),
        ("> a\n>> b", "a\nb", [("blockquote", "a\nb")]),
        ("> a\n\nb", "a\n\nb", [("blockquote", "a")]),
        ("> - a\n> - b", "• a\n• b", [("blockquote", "• a\n• b")]),
        (
            "> a\n> ```\n> b\n> ```\n> c",
            "a\nb\nc",
            [("blockquote", "a"), ("pre", "b"), ("blockquote", "c")],
        ),
    ],
)
def test_shows_blocks(markdown: str, text: str, formatting: list[tuple[str, str]]) -> None:
    part = only(markdown)

    assert part.text == text
    assert shape(part) == formatting


def test_what_stands_beside_a_fence_without_code_is_text() -> None:
    assert only("```42").text == "42"
    assert only("a\n```b\n```\nc").text == "a\nb\nc"


def test_tells_the_language_of_code() -> None:
    part = only('```c++ title="a.cpp"\nint a;\n```')

    assert part.text == 'title="a.cpp"\nint a;'
    assert [(entity.type, entity.language) for entity in part.entities] == [("pre", "c++")]


@pytest.mark.parametrize(
    ("markdown", "text", "address"),
    [
        ("[a](https://b.org/?c=1&d=2)", "a", "https://b.org/?c=1&d=2"),
        (
            "[a](http://пример.рф/путь)",
            "a",
            "http://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C",
        ),
        ("[a](tg://resolve?domain=b)", "a", "tg://resolve?domain=b"),
        ('[a](https://b.org "title")', "a (title)", "https://b.org"),
        ("<https://b.org>", "https://b.org", "https://b.org"),
        ("[](https://b.org)", "https://b.org", "https://b.org"),
        ("![a](https://b.org/c.png)", "a", "https://b.org/c.png"),
        ("[`a`](https://b.org)", "a", "https://b.org"),
        ("[a](mailto:b@c.org)", "a (mailto:b@c.org)", None),
        ("[a](b.md)", "a (b.md)", None),
        ("[a](http://localhost:80/)", "a (http://localhost:80/)", None),
        ("[a](https://b.org:99999)", "a (https://b.org:99999)", None),
        ("[a](javascript:b)", "[a](javascript:b)", None),
        ("![](b.png)", "b.png", None),
        ("<b@c.org>", "b@c.org", None),
    ],
)
def test_hides_or_shows_addresses(markdown: str, text: str, address: str | None) -> None:
    part = only(markdown)

    assert part.text == text
    assert [entity.url for entity in part.entities] == ([address] if address else [])


def test_an_image_within_a_link_shows_its_own_address() -> None:
    part = only("[![a](https://b.org/c.png)](https://d.org)")

    assert part.text == "a (https://b.org/c.png)"
    assert [entity.url for entity in part.entities] == ["https://d.org"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\(a_1 * b_2 * c\)",
        r"\[ x_{1} \, y_{2} \]",
        "\\[\n- a\n= b_1 * c_1 * d\n\\]",
        "$$\n+ a\n$$",
        "$x_1*y_1*$",
        "$5 and $6",
    ],
)
def test_leaves_latex_alone(formula: str) -> None:
    part = only(f"Text\n{formula}\nand *more*")

    assert part.text == f"Text\n{formula}\nand more"
    assert shape(part) == [("italic", "more")]


def test_draws_tables_as_aligned_code() -> None:
    part = only("| a | long |\n|--:|:-:|\n| **1** | [b](c) |\n| 22 |\n| 3 | 4 | 5 |")

    lines = [
        " a │ long",
        "───┼───────┼──",
        " 1 │ b (c)",
        "22",
        " 3 │   4   │ 5",
    ]
    assert part.text.split("\n") == lines
    assert shape(part) == [("pre", part.text)]


def test_wide_characters_take_two_columns_of_a_table() -> None:
    part = only("|a|b|\n|-|-|\n|日本|c|\n|é|d|")

    assert part.text.split("\n") == ["a    │ b", "─────┼──", "日本 │ c", "é    │ d"]


@pytest.mark.parametrize("markdown", ["", " \n\t\n", "\0\x07", "\u200b", "\u2800\n\u3000"])
def test_nothing_to_see_is_no_message(markdown: str) -> None:
    assert render(markdown) == ()


@pytest.mark.parametrize("markdown", [">", "#", "> >\n#", "```\n```", "&nbsp;"])
def test_markup_alone_is_shown_as_written(markdown: str) -> None:
    assert only(markdown).text == markdown


def test_takes_out_what_telegram_would() -> None:
    part = only("a\0b\r\nA\u030a\u2028**\ud83d\ude00** \ud83d")

    assert part.text == "ab\nÅ\n😀 �"
    assert [(entity.offset, entity.length) for entity in part.entities] == [(5, 2)]


def test_what_is_nested_too_deep_is_text() -> None:
    assert only(">" * 100 + " deep").text.endswith("> deep")
    assert "deep" in only("\n".join("  " * depth + "- deep" for depth in range(40))).text
    assert only("".join("- " * 40) + "deep").text.endswith("deep")
