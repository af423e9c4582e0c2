"""Answers while they grow, and when they are sent.

The lock of the user is held for the window at the end alone.
"""

from tgbot.answers.answers import TelegramAnswers
from tgbot.answers.rhythm import Rhythm

__all__ = ["Rhythm", "TelegramAnswers"]
