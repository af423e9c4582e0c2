"""Long answers over several messages, and what is never divided."""

import pytest

from dialogs.kit.markdown import render
from dialogs.kit.markdown.part import MAX_ENTITIES, MAX_UNITS
from sandbox.telegram.entities import utf16_length
from tests.support.formatting import shape, solid


def texts(markdown: str) -> list[str]:
    parts = render(markdown)
    assert all(0 < utf16_length(part.text) <= MAX_UNITS for part in parts)
    assert all(len(part.entities) <= MAX_ENTITIES for part in parts)
    return [part.text for part in parts]


def words(units: int) -> str:
    """Text of exactly so many units."""
    return ("слово " * units)[: units - 1] + "."


@pytest.mark.parametrize(("units", "messages"), [(1, 1), (4095, 1), (4096, 1), (4097, 2)])
@pytest.mark.parametrize("letter", ["x", "😀"])
def test_as_few_messages_as_units_allow(units: int, messages: int, letter: str) -> None:
    wide = utf16_length(letter)
    text = letter * (units // wide) + "." * (units % wide)

    shown = texts(text)

    assert len(shown) == messages
    assert "".join(shown) == text


def test_a_paragraph_goes_to_the_next_message_as_a_whole() -> None:
    first, second = words(3000), words(1500)

    assert texts(f"{first}\n\n{second}") == [first, second]


def test_a_paragraph_is_cut_where_half_a_message_would_stay_empty() -> None:
    sentences = "One two three. " * 270

    first, second = texts(f"{words(1000)}\n\n{sentences}")

    assert utf16_length(first) > 4000
    assert first.endswith("three.")
    assert second.startswith("One")


def test_a_line_is_a_better_place_than_a_sentence_and_that_than_a_word() -> None:
    line, sentence, word = "z" * 3000, "y" * 800 + ".", "x" * 200

    assert texts(f"{line}\n{sentence} {word} {'w' * 400}")[0] == line
    assert texts(f"{line} {sentence} {word} {'w' * 400}")[0] == f"{line} {sentence}"
    assert texts(f"{line} {word} {'w' * 1000}")[0] == f"{line} {word}"


def test_code_that_fits_into_one_message_is_not_divided() -> None:
    code = "\n".join(["x = 1"] * 600)

    shown = texts(f"{words(1000)}\n\n```python\n{code}\n```\n\nEnd.")

    assert code in shown[1]


def test_longer_code_is_divided_at_line_ends_and_keeps_its_language() -> None:
    lines = [f"    line({number})" for number in range(2000)]

    parts = render("```python\n" + "\n".join(lines) + "\n```")

    assert [line for part in parts for line in part.text.split("\n")] == lines
    for part in parts:
        (entity,) = part.entities
        assert (entity.type, entity.language, entity.offset) == ("pre", "python", 0)
        assert entity.length == utf16_length(part.text)


def test_a_line_of_code_longer_than_a_message_is_cut_anywhere() -> None:
    assert "".join(texts("```\n" + "x" * 10_000 + "\n```")) == "x" * 10_000


@pytest.mark.parametrize(
    "cluster", ["👨‍👩‍👧‍👦", "🇷🇺", "👍🏽", "e\u0301\u0323", "❤️", "🏴\U000e0067\U000e007f", "कि"]
)
@pytest.mark.parametrize("shift", range(4))
def test_an_endless_word_is_cut_between_its_characters(cluster: str, shift: int) -> None:
    word = "x" * shift + cluster * 3000

    shown = texts(word)

    assert "".join(shown) == word
    assert len(shown) > 1
    assert all(text.startswith(cluster) for text in shown[1:])


def test_an_entity_is_not_divided() -> None:
    link = f"[{'long text ' * 30}](https://b.org)"

    parts = render(f"{words(3990)} {link} {words(500)}")

    assert [len(part.entities) for part in parts] == [0, 1]
    assert parts[1].text.startswith("long text")


def test_an_entity_longer_than_half_a_message_goes_on_in_the_next_one() -> None:
    parts = render(f"**{words(6000)}**")

    assert [shape(part)[0][0] for part in parts] == ["bold", "bold"]
    assert solid("".join(part.text for part in parts)) == solid(words(6000))


def test_a_quotation_goes_on_in_the_next_message() -> None:
    parts = render("\n>\n".join(f"> {words(1500)}" for _ in range(4)))

    assert [shape(part) for part in parts] == [[("blockquote", part.text)] for part in parts]


def test_a_message_ends_before_it_has_more_entities_than_telegram_keeps() -> None:
    parts = render("\n\n".join(f"**{number}** {'text ' * 5}" for number in range(160)))

    assert [len(part.entities) for part in parts] == [100, 60]


def test_formatting_too_dense_is_dropped_but_never_a_link() -> None:
    dense = " ".join(f"**{number}**" for number in range(300))
    links = " ".join(f"[{number}](https://b.org/{number})" for number in range(150))

    (styled,) = render(dense)
    linked = render(links)

    assert len(styled.entities) == MAX_ENTITIES
    assert styled.text == dense.replace("*", "")
    assert sum(len(part.entities) for part in linked) == 150


@pytest.mark.parametrize("fence_at", [4080, 4090, 4094, 4095, 4096, 4100])
def test_a_fence_across_the_limit(fence_at: int) -> None:
    before, code = words(fence_at), "print('😀')\nreturn"

    parts = render(f"{before}\n```python\n{code}\n```\nafter")

    assert "\n".join(part.text for part in parts).split() == f"{before}\n{code}\nafter".split()
    assert [("pre", code)] == [found for part in parts for found in shape(part)]


def test_thirty_thousand_characters_arrive_whole() -> None:
    code = "\n".join(f"x{number} = '😀'" for number in range(200))
    piece = f"**Жирный** текст и `код`.\n\n- пункт\n- ещё\n\n```python\n{code}\n```\n\n"
    answer = piece * (30_000 // len(piece) + 1)

    shown = solid("".join(texts(answer)))

    said = f"Жирный текст и код. • пункт • ещё {code}" * (30_000 // len(piece) + 1)
    assert shown == solid(said)
