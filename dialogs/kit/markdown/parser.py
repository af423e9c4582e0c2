"""Configures markdown-it-py so that nothing of a model's text disappears.

Raw HTML is text, and LaTeX is left alone. Reference definitions are text, too: CommonMark would
take a line such as `[note]: this` out of the document. A line of dashes is always a rule, though
right below a text CommonMark makes a heading of it: models mean the rule, and the text of a growing
answer would jump whenever a list begins.
"""

from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.token import Token

from dialogs.kit.markdown.latex import keep_block, keep_inline
from dialogs.kit.markdown.whole_table import whole_table

_MAX_DEPTH = 16
"""Levels of quotes and lists, of which a list takes two. Deeper ones are plain text."""

_Rule = Callable[[StateBlock, int, int, bool], bool]


class _Markdown(MarkdownIt):
    """Leaves addresses as they are written, since they may have to be shown."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        return link


def parse(markdown: str) -> Sequence[Token]:
    """Return the tokens of a cleaned text."""
    return _parser.parse(markdown)


def _create() -> MarkdownIt:
    # The library drops what is nested deeper than `maxNesting`; the rules below stop before that.
    options = {"html": False, "tasklists": True, "maxNesting": _MAX_DEPTH + 4}
    parser = _Markdown("commonmark", options).enable(["table", "strikethrough"])
    parser.disable(["html_block", "html_inline", "lheading", "reference"])
    parser.block.ruler.at("table", whole_table, {"alt": ["paragraph"]})
    parser.block.ruler.at("blockquote", _bounded(blockquote), {"alt": _INTERRUPTED})
    parser.block.ruler.at("list", _bounded(list_block), {"alt": _INTERRUPTED[:3]})
    parser.block.ruler.before("table", "latex", keep_block, {"alt": _INTERRUPTED})
    parser.inline.ruler.before("escape", "latex", keep_inline)
    return parser


def _bounded(rule: _Rule) -> _Rule:
    def apply(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        return state.level < _MAX_DEPTH and rule(state, start, end, silent)

    return apply


_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]
_parser = _create()
