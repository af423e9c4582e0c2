"""The assistant on real PostgreSQL, Valkey and emulated models: a process that people talk to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from okno.assistant.dto import (
    Answered,
    Generation,
    Growing,
    Interrupted,
    Message,
    Origin,
    Progress,
)
from okno.assistant.service import (
    AbandonedGenerations,
    AnswerGenerator,
    ChoicesService,
    ConversationsService,
    HousekeepingService,
    QuestionsService,
)
from okno.kit.actor import SYSTEM, Actor
from okno.kit.db import Engine
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis
from okno.kit.settings import Settings
from okno.llm.config import LlmSettings
from okno.llm.dto import PromptMessage
from tests.support.bank import Bank


class Talk(Bank):
    """A bank whose users talk to a model; the clock can be put forward."""

    async def close(self) -> None:
        await (await self.container.get(Nursery)).close()
        await super().close()

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[QuestionsService]:
        yield await self.container.get(QuestionsService)

    @asynccontextmanager
    async def conversations(self) -> AsyncIterator[ConversationsService]:
        yield await self.container.get(ConversationsService)

    async def choices(self) -> ChoicesService:
        return await self.container.get(ChoicesService)

    async def housekeeping(self) -> HousekeepingService:
        return await self.container.get(HousekeepingService)

    @asynccontextmanager
    async def answering(self, generation: Generation) -> AsyncIterator[AsyncIterator[Progress]]:
        """Follow an answer; leaving the block before its end closes it."""
        generator = await self.container.get(AnswerGenerator)
        async with generator.answer(generation) as progress:
            yield progress

    async def ask(
        self,
        actor: Actor,
        text: str,
        *,
        origin: Origin = Origin.TELEGRAM,
        context: Sequence[PromptMessage] | None = None,
    ) -> Generation:
        async with self.asking() as asking:
            return await asking.ask(actor, text, origin=origin, context=context)

    async def try_again(self, actor: Actor) -> Generation:
        async with self.asking() as asking:
            return await asking.try_again(actor)

    async def stop(self, actor: Actor) -> bool:
        async with self.asking() as asking:
            return await asking.stop(actor)

    async def follow(self, generation: Generation) -> list[Progress]:
        """Read an answer to its end."""
        async with self.answering(generation) as progress:
            return [one async for one in progress]

    async def answer(self, generation: Generation) -> Answered:
        """Return the end of an answer that has to have one."""
        last = (await self.follow(generation))[-1]
        assert isinstance(last, Answered)
        return last

    async def say(self, actor: Actor, text: str) -> Message:
        """Ask, and return the answer."""
        return (await self.answer(await self.ask(actor, text))).message

    async def end_abandoned(self, origin: Origin = Origin.TELEGRAM) -> tuple[Interrupted, ...]:
        abandoned = await self.container.get(AbandonedGenerations)
        return await abandoned.end_all(SYSTEM, origin)

    async def forget_redis(self) -> None:
        await (await self.container.get(Redis)).flushdb()

    async def question(self, question_id: int) -> tuple[str, str | None]:
        """Return status and failure of a question."""
        query = text("SELECT status, failure FROM messages WHERE id = :id")
        async with (await self.container.get(Engine)).connect() as connection:
            status, failure = (await connection.execute(query, {"id": question_id})).one()
        return status, failure

    async def expect_nothing_held(self) -> None:
        """Fail unless the books are right and no answer is paid for in advance."""
        await self.expect_correct_books()
        assert await self.scalar("SELECT count(*) FROM holds") == 0
        assert await self.scalar("SELECT coalesce(sum(held), 0) FROM balances") == 0
        assert await self.scalar("SELECT count(*) FROM generations") == 0


async def first_text(progress: AsyncIterator[Progress]) -> str:
    """Wait until something can be read."""
    async for one in progress:
        if isinstance(one, Growing):
            return one.text
    raise AssertionError("the answer ended without a text")


def with_model(
    settings: Settings, folder: Path, *, context: int = 1000, answer: int = 200, price: str = "1"
) -> Settings:
    """Offer one small model, whose persona says little."""
    file = folder / "models.toml"
    file.write_text(
        f"""
        [[models]]
        id = "small"
        provider = "yandexgpt"
        remote = "yandexgpt-lite/latest"
        name = {{ ru = "Малая", en = "Small" }}
        context = {context}
        answer = {answer}
        price = {{ in = {price}, out = {price} }}
        enabled = true

        [[personas]]
        id = "brief"
        name = {{ ru = "Краткость", en = "Brevity" }}
        temperature = 0.5
        prompt = "Be brief."
        """
    )
    return settings.replaced(settings[LlmSettings].model_copy(update={"models_file": file}))
