"""Which texts of a growing answer are shown, and when."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from dialogs.kit.markdown import Part
from okno.assistant.dto import Answered, Growing
from okno.kit.latest import Latest
from okno.llm.dto import Queued
from tests.support.timing import NO_WAITING
from tests.support.wait import TIMEOUT, until
from tgbot.answers.draft_sender import DraftSender
from tgbot.answers.draft_updater import DraftUpdater
from tgbot.answers.rhythm import Rhythm

NEVER = 3600.0


class Frames(DraftSender):
    """A screen that remembers; `free` can be taken away to make it slow."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.lives = 0
        self.rest = 0.0
        self.is_closed = False
        self.fails = False
        self.free = asyncio.Event()
        self.free.set()
        self.alive = asyncio.Event()
        self.alive.set()

    @property
    def way(self) -> str:
        return "draft"

    async def show_life(self) -> None:
        self.lives += 1
        await self.alive.wait()

    async def show(self, part: Part) -> bool:
        self.shown.append(part.text)
        await self.free.wait()
        if self.fails:
            raise RuntimeError("a bug")
        return True


class Answer:
    """An answer that grows as the test says."""

    def __init__(self, rhythm: Rhythm) -> None:
        self.progress = Latest[Queued | Growing | Answered]()
        self.screen = Frames()
        self._updater = DraftUpdater(
            self.progress, self.screen, rhythm, lambda place: f"place {place}"
        )

    def grow(self, text: str) -> None:
        self.progress.put(Growing(text))

    async def sees(self, condition: Callable[[Frames], bool]) -> None:
        await until(lambda: condition(self.screen))

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[None]:
        """The answer is over at the end of the block, and what shows it ends soon."""
        async with asyncio.timeout(TIMEOUT), asyncio.TaskGroup() as group:
            group.create_task(self._updater.run())
            yield
            self.progress.close()


def rhythm(
    *, opening: float = NEVER, draft: float = 0, keep_alive: float = NEVER, waiting: float = NEVER
) -> Rhythm:
    return Rhythm(opening=opening, draft=draft, keep_alive=keep_alive, waiting=waiting)


async def test_every_frame_is_shown_to_a_quick_screen() -> None:
    answer = Answer(rhythm())
    async with answer.growing():
        for text in ("a", "a b", "a b c"):
            answer.grow(text)
            await answer.sees(lambda screen, text=text: screen.shown[-1:] == [text])  # type: ignore[misc]

    assert answer.screen.shown == ["a", "a b", "a b c"]


async def test_a_slow_screen_gets_the_newest_alone() -> None:
    answer = Answer(rhythm())
    answer.screen.free.clear()
    async with answer.growing():
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])
        answer.grow("a b")
        answer.grow("a b c")
        answer.screen.free.set()
        await answer.sees(lambda screen: len(screen.shown) == 2)

    assert answer.screen.shown == ["a", "a b c"]


async def test_frames_keep_their_distance_and_the_end_does_not_wait() -> None:
    answer = Answer(rhythm(draft=NEVER))
    async with answer.growing():
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])
        answer.grow("a b")

    assert answer.screen.shown == ["a"]


async def test_the_first_text_does_not_wait_for_the_sign_of_life() -> None:
    answer = Answer(rhythm(opening=0))
    answer.screen.alive.clear()
    async with answer.growing():
        await answer.sees(lambda screen: screen.lives == 1)
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])
        answer.screen.alive.set()


async def test_a_quick_answer_needs_no_sign_of_life() -> None:
    answer = Answer(rhythm(opening=NEVER))
    async with answer.growing():
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])

    assert answer.screen.lives == 0


async def test_signs_of_life_are_repeated_until_there_is_a_text() -> None:
    answer = Answer(rhythm(opening=0, waiting=0))
    async with answer.growing():
        await answer.sees(lambda screen: screen.lives >= 3)
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])
        lives = answer.screen.lives
        answer.grow("a b")
        await answer.sees(lambda screen: len(screen.shown) == 2)

    assert answer.screen.lives == lives


async def test_the_place_in_the_queue_is_shown() -> None:
    answer = Answer(rhythm())
    async with answer.growing():
        answer.progress.put(Queued(3))
        await answer.sees(lambda screen: screen.shown == ["place 3"])
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["place 3", "a"])


async def test_a_text_that_does_not_change_is_shown_again_before_its_draft_dies() -> None:
    answer = Answer(rhythm(keep_alive=0))
    async with answer.growing():
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown[:3] == ["a", "a", "a"])


async def test_what_looks_the_same_is_not_shown_again() -> None:
    answer = Answer(rhythm())
    async with answer.growing():
        for text in ("a", "a ", "a \n\n", "a \n\nb"):
            answer.grow(text)
            await asyncio.sleep(0)
        await answer.sees(lambda screen: screen.shown[-1:] == ["a\n\nb"])

    assert answer.screen.shown == ["a", "a\n\nb"]


async def test_nothing_to_see_is_not_shown() -> None:
    answer = Answer(rhythm())
    async with answer.growing():
        answer.grow(" \n")
        answer.grow("\u200b")

    assert answer.screen.shown == []


async def test_telegram_is_left_in_peace_for_as_long_as_it_asks() -> None:
    answer = Answer(rhythm())
    answer.screen.rest = NEVER
    async with answer.growing():
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])
        answer.grow("a b")

    assert answer.screen.shown == ["a"]


async def test_nothing_is_shown_to_who_is_gone() -> None:
    answer = Answer(rhythm(opening=0, waiting=0, keep_alive=0))
    answer.screen.is_closed = True
    async with answer.growing():
        answer.grow("a")

    assert (answer.screen.shown, answer.screen.lives) == ([], 0)


async def test_a_failure_to_show_harms_nobody() -> None:
    answer = Answer(NO_WAITING)
    answer.screen.fails = True
    async with answer.growing():
        answer.grow("a")
        await answer.sees(lambda screen: screen.shown == ["a"])
