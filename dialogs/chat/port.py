"""The port of the bot that shows an answer while it is being written."""

from typing import Protocol

from aiogram import Bot

from okno.accounts.dto import Account
from okno.assistant.dto import Generation


class Answers(Protocol):
    """Runs generations outside the handlers; stands in the middleware data as `answers`."""

    def begin(self, bot: Bot, account: Account, generation: Generation) -> None:
        """Start the generation and return at once; its end sends the chat window anew."""
        ...
