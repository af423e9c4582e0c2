"""A person at a Telegram client, talking to a bot in another process."""

from typing import Any

from sandbox.telegram import Emulator
from tests.support.wait import until


class Client:
    """Every action waits until the bot's answer is seen."""

    def __init__(self, emulator: Emulator, first_name: str = "Anna") -> None:
        self.emulator = emulator
        self.id = emulator.create_user(first_name).id

    @property
    def answers(self) -> list[dict[str, Any]]:
        messages = self.emulator.transcript(self.id)["messages"]
        return [message for message in messages if message["author"] == "bot"]

    @property
    def text(self) -> str:
        """The text of the bot's newest message."""
        return str(self.answers[-1]["text"]) if self.answers else ""

    async def say(self, text: str, answer: str) -> None:
        """Write, and wait for a new message that begins so."""
        before = len(self.answers)
        self.emulator.say(self.id, text)
        await until(
            lambda: len(self.answers) > before and self.text.startswith(answer), repr(answer)
        )

    async def press(self, label: str, answer: str) -> None:
        """Press a button of the newest window, and wait for a window that begins so."""
        self.tap(label)
        await self.see(answer)

    def tap(self, label: str) -> None:
        self.emulator.click(self.id, self.answers[-1]["id"], text=label)

    async def see(self, beginning: str) -> None:
        await until(lambda: self.text.startswith(beginning), repr(beginning))
