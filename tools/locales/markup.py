"""Labels have no markup, and Telegram can parse the HTML of all other texts.

The bot sends all its messages as HTML: https://core.telegram.org/bots/api#html-style. A tag is
closed in the pattern that opens it: a variant may not close a tag that begins before its selector.
"""

import re
from collections.abc import Iterator

from tools.locales.fluent import patterns
from tools.locales.texts import Locales, Text, Texts, with_references
from tools.locales.uses import Uses
from tools.problem import Problem

_STYLES = ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler")
_OTHERS = ("a", "blockquote", "code", "pre", "span", "tg-emoji", "tg-time")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-z-]+)(?P<attributes>[^<>]*)>|<")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


def find_bad_markup(locales: Locales, uses: Uses) -> Iterator[Problem]:
    label_keys = {use.key for use in uses.calls if use.is_label}
    for texts in locales.values():
        labels = set().union(*(with_references(key, texts) for key in label_keys))
        yield from _find_tags_in_labels(texts, labels)
        for key in texts.keys() - labels:
            yield from _find_unparsable(texts[key])


def _find_tags_in_labels(texts: Texts, labels: set[str]) -> Iterator[Problem]:
    for key in labels:
        for pattern in patterns(texts[key].entry):
            for tag in _MARKUP.findall(pattern):
                yield texts[key].problem(f"a label shows {tag} as it stands")


def _find_unparsable(text: Text) -> Iterator[Problem]:
    for pattern in patterns(text.entry):
        error = html_error(pattern)
        if error is not None:
            yield text.problem(error)


def html_error(html: str) -> str | None:
    """Describe the first tag that Telegram would refuse, or return None."""
    opened: list[str] = []
    for tag in _TAG.finditer(html):
        name = tag["name"]
        if name is None:
            return "a lone < is written &lt;"
        if name not in (*_STYLES, *_OTHERS):
            return f"Telegram knows no tag <{name}>"
        if not tag["slash"]:
            opened.append(name)
        elif not opened:
            return f"</{name}> closes nothing"
        elif (expected := opened.pop()) != name:
            return f"</{name}> stands where </{expected}> is expected"
    return f"<{opened[-1]}> is never closed" if opened else None
