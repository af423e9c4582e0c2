"""Shows a question and its answer in one window. Long texts are cut; the file has them whole."""

from html import escape
from typing import NamedTuple

from dialogs.kit.markdown import render, to_html
from dialogs.kit.markdown.units import fitting, units
from okno.assistant.dto import Message

# A message holds 4096 units: the title and the notes take the rest.
_QUESTION_UNITS = 700
_ANSWER_UNITS = 2800
_MORE = " …"


class Shown(NamedTuple):
    """The HTML of a text; `is_cut`: its end is missing."""

    html: str
    is_cut: bool


def show_question(question: Message) -> Shown:
    """Show the question as it was written."""
    end = fitting(question.text, _QUESTION_UNITS)
    is_cut = end < len(question.text)
    text = _shortened(question.text, end) if is_cut else question.text
    return Shown(escape(text, quote=False), is_cut)


def show_answer(answer: Message | None) -> Shown:
    if answer is None:
        return Shown("", is_cut=False)
    parts = render(answer.text)
    if len(parts) == 1 and units(parts[0].text) <= _ANSWER_UNITS:
        return Shown(to_html(parts[0]), is_cut=False)
    return Shown(_beginning(answer.text), is_cut=bool(parts))


def _beginning(markdown: str) -> str:
    """Render as much as fits. Some Markdown, such as a table, grows when it is rendered."""
    end = fitting(markdown, _ANSWER_UNITS)
    while end > 0:
        parts = render(_shortened(markdown, end))
        if len(parts) == 1 and units(parts[0].text) <= _ANSWER_UNITS:
            return to_html(parts[0])
        end //= 2
    return ""


def _shortened(text: str, end: int) -> str:
    """Cut at the end of a word."""
    words = text[:end].rsplit(maxsplit=1)
    return (words[0] if len(words) > 1 else text[:end]) + _MORE
