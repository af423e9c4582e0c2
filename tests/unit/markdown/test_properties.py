"""True of every answer, however odd."""

import unicodedata
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.kit.markdown import Part, Preview, render
from dialogs.kit.markdown.part import MAX_ENTITIES, MAX_UNITS
from sandbox.telegram.entities import utf16_length
from tests.support.answers import Said, anything, documents, long_anything
from tests.support.formatting import covered, covered_by, solid, stored, stored_html
from tests.support.rounds import examples

bounded = settings(max_examples=examples(25), deadline=None)


@given(documents())
@bounded
def test_the_parts_hold_all_that_the_model_said_in_its_order(said: Said) -> None:
    parts = render(said.markdown)

    assert solid("".join(part.text for part in parts)) == solid(said.shown)


@given(anything | long_anything)
@bounded
def test_no_letter_gets_lost_whatever_the_markdown(markdown: str) -> None:
    held = "".join(part.text + _behind_the_text(part) for part in render(markdown))
    held = unicodedata.normalize("NFD", held)  # rings were joined with their letters

    for letter in "qwЯ":
        assert held.count(letter) >= markdown.count(letter)


@given(documents().map(lambda said: said.markdown) | anything | long_anything)
@bounded
def test_telegram_stores_every_part_as_it_is(markdown: str) -> None:
    for part in render(markdown):
        kept = stored(part)
        assert kept.text == part.text
        assert covered(kept.entities) == covered_by(part)


@given(documents().map(lambda said: said.markdown) | anything | long_anything)
@bounded
def test_html_gives_the_same_text_and_entities(markdown: str) -> None:
    for part in render(markdown):
        assert stored_html(part) == stored(part)


@given(documents().map(lambda said: said.markdown) | anything | long_anything)
@bounded
def test_parts_and_entities_keep_their_limits(markdown: str) -> None:
    for part in render(markdown):
        expect_sendable(part)


@given(documents().map(lambda said: said.markdown) | anything, st.data())
@bounded
def test_any_beginning_of_an_answer_can_be_shown(markdown: str, data: st.DataObject) -> None:
    preview, whole = Preview(), render(markdown)
    ends = data.draw(st.lists(st.integers(0, len(markdown)), max_size=8).map(sorted))
    for part in (preview.show(markdown[:end]) for end in ends):
        if part is not None:
            expect_sendable(part)
            assert stored(part).text == part.text

    last = preview.show(markdown)
    assert (last is not None) == bool(whole)
    if last is not None and len(whole) == 1 and len(whole[0].entities) < MAX_ENTITIES // 2:
        assert solid(last.text) == solid(whole[0].text)


def expect_sendable(part: Part) -> None:
    """Fail unless the part is one that Telegram takes as it is."""
    assert part.text == part.text.strip() or part.entities[0].type == "pre"
    assert 0 < utf16_length(part.text) <= MAX_UNITS
    assert len(part.entities) <= MAX_ENTITIES
    open_ends: list[int] = []
    offset = 0
    for entity in part.entities:
        assert offset <= entity.offset
        assert entity.length > 0
        offset, end = entity.offset, entity.offset + entity.length
        while open_ends and open_ends[-1] <= offset:
            open_ends.pop()
        assert end <= min([utf16_length(part.text), *open_ends])
        open_ends.append(end)


def _behind_the_text(part: Part) -> str:
    return "".join(unquote(entity.url or "") + (entity.language or "") for entity in part.entities)
