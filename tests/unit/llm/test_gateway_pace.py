"""A growing answer is read at once while there are few, and seldom among many."""

import asyncio
from collections.abc import AsyncGenerator

from okno.llm.config import LlmSettings
from okno.llm.dto import Chunk, Finish, Prompt, Queued, Trace, Usage
from okno.llm.service.provider_gateway import ProviderGateway
from okno.llm.service.request_log import RequestLog
from tests.support.prompts import make_prompt

MANY = 100
END = Chunk("one two", Finish.STOP, Usage(1, 2))


class Provider:
    """Answers in two pieces, as soon as so many callers have asked."""

    def __init__(self, asked: int) -> None:
        self._missing = asked
        self._complete = asyncio.Event()

    async def stream(self, _prompt: Prompt, _trace: Trace) -> AsyncGenerator[Chunk, None]:
        self._missing -= 1
        if not self._missing:
            self._complete.set()
        await self._complete.wait()
        yield Chunk("one")
        yield END

    async def count_tokens(self, _prompt: Prompt, _trace: Trace) -> int:
        return 1

    async def list_models(self) -> tuple[str, ...]:
        return ()

    async def close(self) -> None:
        pass


def ask(gateway: ProviderGateway, user_id: int) -> AsyncGenerator[Queued | Chunk, None]:
    prompt = make_prompt()
    request_log = RequestLog(prompt, user_id=user_id, conversation_id=None, texts=False)
    return gateway.answer(prompt, user_id, request_log)


async def test_an_answer_among_few_is_never_waited_for() -> None:
    others: list[str] = []
    asyncio.get_running_loop().call_soon(others.append, "had a turn")

    chunks = [chunk async for chunk in ask(ProviderGateway("fake", Provider(1), LlmSettings()), 1)]

    assert chunks == [Chunk("one"), END]
    assert others == []


async def test_an_answer_among_many_grows_before_it_is_looked_at_again() -> None:
    gateway = ProviderGateway("fake", Provider(MANY), LlmSettings(concurrency=MANY))
    clock = asyncio.get_running_loop().time

    async def time(user_id: int) -> list[float]:
        return [clock() async for _ in ask(gateway, user_id)]

    times = await asyncio.gather(*(time(user_id) for user_id in range(MANY)))

    # The first to end were among all the others for their whole time.
    first, last = min(times, key=lambda of_one: of_one[-1])
    assert last - first >= 0.015
