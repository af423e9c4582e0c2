"""The services that a question needs, kept for the next one.

They belong to one request at a time. To make them anew for each takes longer than what they do.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from dishka import AsyncContainer

from okno.assistant.service import AnsweringService, QuestionsService


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one question, or answers one, at a time; then it is as good as new."""

    asking: QuestionsService
    answering: AnsweringService


class Askers:
    """As many as were ever needed at once; one set per process."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._scopes = AsyncExitStack()
        self._free: list[Asker] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Asker]:
        asker = self._free.pop() if self._free else await self._make()
        try:
            yield asker
        finally:
            self._free.append(asker)

    async def close(self) -> None:
        await self._scopes.aclose()

    async def _make(self) -> Asker:
        scope = await self._scopes.enter_async_context(self._container())
        return Asker(await scope.get(QuestionsService), await scope.get(AnsweringService))
