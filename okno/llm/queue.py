"""The fair queue of one provider: users take turns, and everybody sees their place.

A provider limits the number of requests that it works on at once, and other programs may use up a
part of that limit. So the number of turns follows the provider: a refusal lowers it to the number
of requests that are running. While somebody waits, it is raised again one by one, after a pause
that grows until the provider accepts a request.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import zip_longest

from okno.llm.errors import ModelError, ModelQueueFull

_FIRST_PAUSE_SECONDS = 0.5
_MAX_PAUSE_SECONDS = 8.0


class Ticket:
    """A request's claim to a turn; `place` is 0 when it does not wait."""

    def __init__(self, user_id: int, number: int, deadline: float) -> None:
        self.user_id = user_id
        self.number = number
        self.deadline = deadline
        self.place = 0
        self.refusal: ModelError | None = None
        self.changed = asyncio.Event()


class FairQueue:
    """Gives turns to tickets. Callers `join`, `wait`, and `leave` in any case."""

    def __init__(self, *, slots: int, length: int, seconds: float) -> None:
        """`slots`: turns at once; `length`: tickets that may wait; `seconds`: the longest wait."""
        self._slots = slots
        self._length = length
        self._seconds = seconds
        self._tickets = 0
        self._allowed = slots
        self._running: set[Ticket] = set()
        self._returned: list[Ticket] = []
        self._lines: dict[int, deque[Ticket]] = {}
        self._pause = _FIRST_PAUSE_SECONDS
        self._timer: asyncio.TimerHandle | None = None

    @property
    def running(self) -> int:
        """The number of requests whose turn it is."""
        return len(self._running)

    def join(self, user_id: int) -> Ticket:
        """Take a ticket. Raises `ModelQueueFull`."""
        self._tickets += 1
        deadline = asyncio.get_running_loop().time() + self._seconds
        ticket = Ticket(user_id, self._tickets, deadline)
        if not self._is_anybody_waiting() and len(self._running) < self._allowed:
            self._running.add(ticket)
            return ticket
        if sum(1 for _ in self._waiting()) >= self._length:
            raise ModelQueueFull
        self._lines.setdefault(user_id, deque()).append(ticket)
        self._go_on()
        return ticket

    async def wait(self, ticket: Ticket) -> AsyncGenerator[int, None]:
        """Yield the place whenever it changes; end when the turn has come.

        Raises `ModelQueueFull` when that takes too long, or the error given to `refuse_waiting`.
        """
        told = 0
        while ticket.place:
            if ticket.place != told:
                told = ticket.place
                yield told
                continue
            ticket.changed.clear()
            try:
                async with asyncio.timeout_at(ticket.deadline):
                    await ticket.changed.wait()
            except TimeoutError:
                raise ModelQueueFull from None
        if ticket.refusal is not None:
            raise ticket.refusal

    def put_back(self, ticket: Ticket) -> None:
        """Make the ticket wait again, before all others: the provider accepts no more for now."""
        self._running.discard(ticket)
        self._returned.append(ticket)
        self._returned.sort(key=lambda returned: returned.number)
        self._allowed = len(self._running)
        self._stop_timer()
        self._go_on()

    def taken(self) -> None:
        """Note that the provider has begun to answer, so it is not full."""
        self._pause = _FIRST_PAUSE_SECONDS

    def leave(self, ticket: Ticket) -> None:
        """Give the ticket's turn or place to the next one."""
        self._running.discard(ticket)
        if ticket.place:
            self._take_out(ticket)
        if self._is_anybody_waiting():
            self._go_on()
        else:
            self._adapt()

    def refuse_waiting(self, refusal: Callable[[], ModelError]) -> None:
        """Raise an error at all who wait."""
        for ticket in list(self._waiting()):
            ticket.refusal = refusal()
            self._take_out(ticket)
        self._go_on()

    def _is_anybody_waiting(self) -> bool:
        return bool(self._returned or self._lines)

    def _waiting(self) -> Iterator[Ticket]:
        """Iterate over all who wait, in the order of their turns."""
        yield from self._returned
        for one_of_each in zip_longest(*self._lines.values()):
            yield from (ticket for ticket in one_of_each if ticket is not None)

    def _go_on(self) -> None:
        """Give out the turns that are free, and tell the others their places."""
        while len(self._running) < self._allowed and (ticket := next(self._waiting(), None)):
            self._take_out(ticket)
            self._running.add(ticket)
        for place, ticket in enumerate(self._waiting(), start=1):
            if ticket.place != place:
                ticket.place = place
                ticket.changed.set()
        self._adapt()

    def _take_out(self, ticket: Ticket) -> None:
        """End the waiting of a ticket; its user's next ticket goes behind the other users."""
        ticket.place = 0
        ticket.changed.set()
        if ticket in self._returned:
            self._returned.remove(ticket)
            return
        line = self._lines[ticket.user_id]
        was_first = line[0] is ticket
        line.remove(ticket)
        if was_first:
            del self._lines[ticket.user_id]
        if was_first and line:
            self._lines[ticket.user_id] = line

    def _adapt(self) -> None:
        """Allow more turns one by one while somebody waits, and all of them when nobody does."""
        if not self._is_anybody_waiting():
            self._stop_timer()
            self._allowed = self._slots
            if not self._running:
                self._pause = _FIRST_PAUSE_SECONDS
        elif self._allowed < self._slots and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._pause, self._allow_one_more)

    def _allow_one_more(self) -> None:
        self._timer = None
        self._pause = min(self._pause * 2, _MAX_PAUSE_SECONDS)
        self._allowed += 1
        self._go_on()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
