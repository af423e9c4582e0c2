"""Answers while they are written: shown as they grow, and sent when they are whole.

No lock of a user is held meanwhile, but for the window at the end.
"""

from tgbot.answers.answers import TelegramAnswers
from tgbot.answers.rhythm import Rhythm

__all__ = ["Rhythm", "TelegramAnswers"]
