"""A person in front of a Telegram client: writes, presses buttons, reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.telegram import CallbackAnswer, PaymentResult
    from tests.support.stage import Stage

Message = dict[str, Any]


class Person:
    """Every action waits until the bot has finished with it."""

    def __init__(self, stage: Stage, chat_id: int) -> None:
        self.stage = stage
        self.id = chat_id

    async def say(self, text: str) -> Message:
        """Write; return the newest message of the bot."""
        self.stage.emulator.say(self.id, text)
        await self.stage.settle()
        return self.window

    async def ask(self, question: str) -> Message:
        """Write a question and wait for the end of the answer; return its window."""
        await self.say(question)
        await self.stage.answered()
        return self.window

    async def press(self, label: str, message: Message | None = None) -> CallbackAnswer | None:
        """Press a button of the newest window, or of another message; return what popped up."""
        query = self.tap(label, message)
        await self.stage.settle()
        return self.stage.emulator.callback_answer(query)

    def tap(self, label: str, message: Message | None = None) -> str:
        """Press a button and do not wait; return the id of the query."""
        target = message or self.window
        return self.stage.emulator.click(self.id, target["id"], text=label)

    async def pay(self) -> PaymentResult | None:
        """Pay the newest invoice; return how it ended."""
        query = self.stage.emulator.pay(self.id, self.invoice["id"])
        await self.stage.settle()
        return self.stage.emulator.payment(query)

    async def register(self, language: str = "English ✓") -> Message:
        """Go through the registration."""
        await self.say("/start")
        await self.press(language)
        return self.window

    @property
    def messages(self) -> list[Message]:
        found: list[Message] = self.stage.emulator.transcript(self.id)["messages"]
        return found

    @property
    def window(self) -> Message:
        """The newest message of the bot."""
        return [message for message in self.messages if message["author"] == "bot"][-1]

    @property
    def invoice(self) -> Message:
        """The newest invoice."""
        return [message for message in self.messages if message["invoice"]][-1]

    @property
    def labels(self) -> list[str]:
        """The texts of the buttons of the newest window."""
        return labels_of(self.window)


def labels_of(message: Message) -> list[str]:
    return [button["text"] for row in message["keyboard"] for button in row]
