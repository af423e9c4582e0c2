"""Documents of which it is known what they say, and texts of which it is not."""

from dataclasses import dataclass

from hypothesis import strategies as st

_LETTERS = ["a", "Ж", "ё", "0", "日", "😀", "👨‍👩‍👧", "🇷🇺", "👍🏽", "é", "e\u0301"]


@dataclass(frozen=True)
class Said:
    """Markdown and what a reader sees of it, whitespace aside."""

    markdown: str
    shown: str


words = st.lists(st.sampled_from(_LETTERS), min_size=1, max_size=12).map("".join)
_long_words = st.builds(lambda word, times: word * times, words, st.integers(1, 300))
_sign = st.sampled_from(["**", "*", "~~", "`", ""])


@st.composite
def _inline(draw: st.DrawFn) -> Said:
    text, sign = draw(words | _long_words), draw(_sign)
    if draw(st.integers(0, 9)) == 0:
        return Said(f"[{text}](https://b.org/c)", text)
    return Said(f"{sign}{text}{sign}", text)


@st.composite
def _paragraph(draw: st.DrawFn) -> Said:
    pieces = draw(st.lists(_inline(), min_size=1, max_size=8))
    times = draw(st.sampled_from([1, 1, 1, 20]))
    joint = draw(st.sampled_from([" ", "\n"]))
    markdown = joint.join(piece.markdown for piece in pieces)
    shown = "".join(piece.shown for piece in pieces)
    return Said(joint.join([markdown] * times), shown * times)


@st.composite
def _code(draw: st.DrawFn) -> Said:
    line = draw(st.text(alphabet="ab *_<>&#|-[](){}\\😀Ж", max_size=60))
    code = "\n".join([f"{line}."] * draw(st.sampled_from([1, 3, 200])))
    return Said(f"```{draw(st.sampled_from(['', 'python', 'c++']))}\n{code}\n```", code)


@st.composite
def _quote(draw: st.DrawFn) -> Said:
    inner = draw(_paragraph())
    return Said("\n".join(f"> {line}" for line in inner.markdown.split("\n")), inner.shown)


@st.composite
def _items(draw: st.DrawFn) -> Said:
    items = draw(st.lists(_inline(), min_size=1, max_size=6))
    return Said(
        "\n".join(f"- {item.markdown}" for item in items),
        "".join(f"•{item.shown}" for item in items),
    )


_heading = _inline().map(lambda inline: Said(f"## {inline.markdown}", inline.shown))
_block = st.one_of(_paragraph(), _paragraph(), _code(), _quote(), _items(), _heading)


@st.composite
def documents(draw: st.DrawFn) -> Said:
    """Blocks between which stand lines that end lists and quotations."""
    blocks = draw(st.lists(_block, min_size=2, max_size=8))
    return Said(
        "\n\nend\n\n".join(block.markdown for block in blocks),
        "end".join(block.shown for block in blocks),
    )


MARKUP = (
    *("*", "**", "_", "~~", "`", "```", "```\n", "#", "# ", ">", "> ", "- ", "1. ", "2) ", "+ "),
    *(
        "|",
        "|-|",
        "|\n",
        "---",
        "===",
        "\n",
        "\n\n",
        "  ",
        "    ",
        "\t",
        "\\",
        "\\(",
        "\\]",
        "$",
        "$$",
    ),
    *("[", "]", "](", "](https://b.org/q)", "(q 'w')", "![", "<", ">", "<div>", "&lt;", "&", '"'),
    *("[ ] ", "[x] ", "\0", "\r", "\u2028", "\u200d", "\ufe0f", "\u030a", "😀", "\ud83d", ":", "!"),
)
TEXT = ("q", "w", "Я", "q w", "Я. ", "qwЯ\n")
anything = st.lists(st.sampled_from([*MARKUP, *TEXT]), max_size=60).map("".join)
long_anything = st.builds(lambda text, times: text * times, anything, st.integers(1, 30))
