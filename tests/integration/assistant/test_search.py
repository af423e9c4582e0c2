"""The search over one's own messages, in Russian and English."""

import pytest

from okno.kit.actor import Actor
from okno.kit.uow import UnitOfWork
from tests.support.talk import Talk


async def found(talk: Talk, actor: Actor, query: str, page: int = 0, size: int = 10) -> list[str]:
    """Return the excerpts."""
    async with talk.conversations() as conversations:
        return [one.excerpt for one in (await conversations.search(actor, query, page, size)).items]


@pytest.fixture
async def _said(talk: Talk, anna: Actor) -> None:
    await talk.say(anna, "echo: Кошки гуляют по крышам Петербурга")
    await talk.say(anna, "echo: The cats are running over the roofs")
    await talk.say(anna, "echo: Compute 2 + 2 in Python")


@pytest.mark.usefixtures("_said")
@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("кошка", "Кошки"),
        ("КРЫШИ", "крышам"),
        ("гулять петербург", "гуляют"),
        ("cat", "cats"),
        ("runs roof", "running"),
        ('"in Python"', "Python"),
        ("кошка or python", "Python"),
        ("cats -крыши", "cats"),
    ],
)
async def test_a_word_is_found_in_any_of_its_forms(
    talk: Talk, anna: Actor, query: str, word: str
) -> None:
    excerpts = await found(talk, anna, query)

    assert len(excerpts) >= 2, "the question and its answer"
    assert word in excerpts[0]
    assert "<b>" not in excerpts[0]


@pytest.mark.usefixtures("_said")
@pytest.mark.parametrize(
    "query",
    ["", "  ", "собака", "и в на", "the", "\0", "'; DROP TABLE users --", '"', "-", "& | ! ( ) :*",
     "<b>", "\\", "%", "😀", "\ud83d", "x" * 5000, "слово " * 5000, "-кошка" * 100],
)  # fmt: skip
async def test_odd_queries_find_nothing_and_break_nothing(
    talk: Talk, anna: Actor, query: str
) -> None:
    assert await found(talk, anna, query) == []


@pytest.mark.usefixtures("_said")
async def test_words_of_others_are_not_found(talk: Talk) -> None:
    boris = await talk.register(7002)

    assert await found(talk, boris, "кошка") == []


async def test_the_newest_come_first_page_by_page(talk: Talk, anna: Actor) -> None:
    for word in ("first", "second", "third"):
        await talk.say(anna, f"echo: a number, the {word}")

    pages = [await found(talk, anna, "number", page, 4) for page in (0, 1, 7)]

    newest = ["third", "third", "second", "second"]
    assert [excerpt.split()[-1] for excerpt in pages[0]] == newest
    assert [excerpt.split()[-1] for excerpt in pages[1]] == ["first", "first"]
    assert pages[2] == pages[1]


async def test_a_hit_tells_where_it_stands(talk: Talk, anna: Actor) -> None:
    await talk.say(anna, "echo: one")
    await talk.say(anna, "echo: needle")
    await talk.say(anna, "echo: three")

    async with talk.conversations() as conversations:
        hits = (await conversations.search(anna, "needle", 0, 10)).items
        for hit in hits:
            page = await conversations.exchanges(anna, hit.conversation_id, hit.exchange, 1)
            assert page.items[0].question.text == "echo: needle"
            assert hit.title == "echo: one"
    assert len(hits) == 2


async def test_the_excerpt_of_a_long_text_surrounds_the_hit(talk: Talk, anna: Actor) -> None:
    text = "сено " * 300 + "иголка " + "солома " * 300
    await talk.ask(anna, text)

    (excerpt,) = await found(talk, anna, "иголку")

    assert "иголка" in excerpt
    assert len(excerpt) < 300


async def test_a_huge_text_is_stored_and_searched_at_its_beginning(talk: Talk, anna: Actor) -> None:
    """A text vector holds a megabyte at the most."""
    words = " ".join(f"w{number:x}z" for number in range(100_000))
    number = (await talk.ask(anna, "echo: one")).conversation_id
    uow = await talk.container.get(UnitOfWork)
    async with uow.begin():
        await uow.fetch(
            "INSERT INTO messages (conversation_id, role, text, status, created_at)"
            " VALUES ($1, 'user', $2, 'done', now())",
            number,
            f"needle {words}",
        )

    assert len(await found(talk, anna, "needle")) == 1
