"""The fair queue: turns, limits, and the effect of a refusal by the provider."""

import asyncio
import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okno.llm import queue as queue_module
from okno.llm.errors import ModelBusy, ModelQueueFull
from okno.llm.queue import FairQueue, Ticket
from tests.support.wait import until


def make(slots: int = 1, length: int = 100, seconds: float = 60.0) -> FairQueue:
    return FairQueue(slots=slots, length=length, seconds=seconds)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause that a test can wait for."""
    monkeypatch.setattr(queue_module, "_FIRST_PAUSE_SECONDS", 0.01)


# No caller sees the pause or has it ended early: these look inside, so that no test waits for it.


def pause_of(queue: FairQueue) -> float:
    return queue._pause  # noqa: SLF001


def is_pausing(queue: FairQueue) -> bool:
    return queue._timer is not None  # noqa: SLF001


def end_pause(queue: FairQueue) -> None:
    queue._stop_timer()  # noqa: SLF001
    queue._allow_one_more()  # noqa: SLF001


def turns_allowed(queue: FairQueue) -> int:
    return queue._allowed  # noqa: SLF001


async def drain(queue: FairQueue, running: Ticket, waiting: list[Ticket]) -> list[Ticket]:
    """End one after the other; return them in the order of their turns."""
    order = []
    while waiting:
        queue.leave(running)
        (running,) = [ticket for ticket in waiting if not ticket.place]
        waiting.remove(running)
        order.append(running)
    queue.leave(running)
    return order


async def test_turns_are_given_while_there_are_slots() -> None:
    queue = make(slots=2)
    tickets = [queue.join(1), queue.join(1), queue.join(1)]
    assert [ticket.place for ticket in tickets] == [0, 0, 1]


async def test_turns_go_round_between_the_users() -> None:
    queue = make()
    running = queue.join(0)
    eager = [queue.join(1) for _ in range(3)]
    calm = [queue.join(2)]
    late = [queue.join(3), queue.join(3)]

    order = await drain(queue, running, [*eager, *calm, *late])

    assert order == [eager[0], calm[0], late[0], eager[1], late[1], eager[2]]


async def test_the_places_foretell_the_order() -> None:
    queue = make()
    running = queue.join(0)
    tickets = [queue.join(user) for user in (1, 1, 1, 2, 3, 3)]
    foretold = sorted(tickets, key=lambda ticket: ticket.place)
    assert [ticket.place for ticket in foretold] == [1, 2, 3, 4, 5, 6]

    assert await drain(queue, running, tickets) == foretold


async def test_who_waits_is_told_every_place() -> None:
    queue = make()
    running = [queue.join(1), queue.join(2)]
    ticket = queue.join(3)
    told = []
    async for place in queue.wait(ticket):
        told.append(place)
        queue.leave(running.pop(0))
    assert told == [2, 1]
    assert not running


async def test_who_gives_up_makes_room() -> None:
    queue = make()
    running, impatient, patient = queue.join(1), queue.join(2), queue.join(3)
    queue.leave(impatient)
    assert patient.place == 1
    queue.leave(running)
    assert patient.place == 0
    assert queue.join(4).place == 1


async def test_a_full_queue_refuses() -> None:
    queue = make(length=1)
    running, _ = queue.join(1), queue.join(2)
    with pytest.raises(ModelQueueFull):
        queue.join(3)
    queue.leave(running)
    assert queue.join(3).place == 1


async def test_without_a_queue_only_free_slots_are_given() -> None:
    queue = make(length=0)
    running = queue.join(1)
    with pytest.raises(ModelQueueFull):
        queue.join(2)
    queue.leave(running)
    assert queue.join(2).place == 0


async def test_waiting_ends_in_time() -> None:
    queue = make(seconds=0.02)
    queue.join(1)
    ticket = queue.join(2)
    with pytest.raises(ModelQueueFull):
        async for place in queue.wait(ticket):
            assert place == 1


async def test_what_the_provider_did_not_take_waits_before_all_others() -> None:
    queue = make(slots=3)
    first, second = queue.join(1), queue.join(2)
    third = queue.join(3)
    fourth = queue.join(4)

    queue.put_back(third)
    queue.put_back(second)

    assert [t.place for t in (first, second, third, fourth)] == [0, 1, 2, 3]
    queue.leave(first)
    assert [t.place for t in (second, third, fourth)] == [0, 1, 2]


async def test_a_newcomer_does_not_pass_who_was_put_back() -> None:
    queue = make(slots=2)
    ticket = queue.join(1)
    queue.put_back(ticket)
    assert queue.join(2).place == 2


@pytest.mark.usefixtures("quick")
async def test_others_may_use_the_provider_so_it_is_tried_again_after_a_pause() -> None:
    queue = make(slots=5)
    alone, next_one = queue.join(1), queue.join(2)
    queue.put_back(alone)
    queue.put_back(next_one)
    assert (alone.place, next_one.place) == (1, 2)

    await until(lambda: alone.place == 0, "the first")
    assert next_one.place == 1, "one at a time"
    await until(lambda: next_one.place == 0, "the second")


@pytest.mark.usefixtures("quick")
async def test_the_pause_grows_until_the_provider_takes_a_request() -> None:
    queue = make()
    ticket = queue.join(1)
    pauses = []
    for _ in range(4):
        queue.put_back(ticket)
        pauses.append(pause_of(queue))
        await until(lambda: ticket.place == 0, "the turn")
    assert pauses == [0.01, 0.02, 0.04, 0.08]

    queue.taken()
    queue.put_back(ticket)
    assert pause_of(queue) == 0.01


async def test_the_next_one_is_free_to_try_when_nobody_waits() -> None:
    queue = make(slots=2)
    ticket = queue.join(1)
    queue.put_back(ticket)
    queue.leave(ticket)
    assert not is_pausing(queue)
    assert [queue.join(1).place, queue.join(1).place] == [0, 0]


async def test_all_who_wait_can_be_sent_away() -> None:
    queue = make()
    running = queue.join(1)
    returned = queue.join(2)
    waiting = queue.join(3)
    queue.leave(running)
    queue.put_back(returned)

    queue.refuse_waiting(lambda: ModelBusy(seconds=7))

    for ticket in (returned, waiting):
        with pytest.raises(ModelBusy):
            await anext(queue.wait(ticket))
        queue.leave(ticket)
    assert queue.join(4).place == 0


@given(
    slots=st.integers(1, 3),
    actions=st.lists(
        st.tuples(st.sampled_from(["join", "leave", "put_back", "pause"]), st.integers(0, 4)),
        max_size=60,
    ),
)
async def test_in_any_order_of_events_no_turn_is_lost_or_given_twice(
    slots: int, actions: list[tuple[str, int]]
) -> None:
    queue = make(slots=slots)
    tickets: list[Ticket] = []
    for action, number in actions:
        running = [ticket for ticket in tickets if not ticket.place]
        if action == "join":
            tickets.append(queue.join(number))
        elif action == "leave" and tickets:
            queue.leave(tickets.pop(number % len(tickets)))
        elif action == "put_back" and running:
            queue.put_back(running[number % len(running)])
        elif action == "pause" and is_pausing(queue):
            end_pause(queue)
        expect_fair(queue, tickets, slots)
    while tickets:
        assert [t for t in tickets if not t.place] or is_pausing(queue), "nobody is served"
        if is_pausing(queue):
            end_pause(queue)
        for ticket in [t for t in tickets if not t.place]:
            tickets.remove(ticket)
            queue.leave(ticket)
    assert not is_pausing(queue)


def expect_fair(queue: FairQueue, tickets: list[Ticket], slots: int) -> None:
    places = Counter(ticket.place for ticket in tickets)
    waiting = sum(places.values()) - places[0]
    assert places[0] <= slots
    assert all(places[place] == 1 for place in range(1, waiting + 1))
    if waiting:
        assert places[0] == slots or places[0] == turns_allowed(queue) < slots
        assert places[0] == slots or is_pausing(queue)


async def test_many_at_once_are_served_in_turns_of_the_slots() -> None:
    queue = make(slots=3)
    at_once, most = 0, 0
    served = itertools.count()

    async def ask(user: int) -> None:
        nonlocal at_once, most
        ticket = queue.join(user)
        async for _ in queue.wait(ticket):
            pass
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        next(served)
        queue.leave(ticket)

    async with asyncio.TaskGroup() as group:
        for user in range(60):
            group.create_task(ask(user % 7))
    assert (most, next(served)) == (3, 60)
