"""The use cases of the assistant: questions, their answers, and the conversations of both."""

from okno.assistant.service.abandon import AbandonedGenerations
from okno.assistant.service.choices import ChoicesService
from okno.assistant.service.completions import CompletionsService
from okno.assistant.service.conversations import ConversationsService
from okno.assistant.service.generate import AnswerGenerator
from okno.assistant.service.housekeeping import HousekeepingService
from okno.assistant.service.questions import QuestionsService

__all__ = [
    "AbandonedGenerations",
    "AnswerGenerator",
    "ChoicesService",
    "CompletionsService",
    "ConversationsService",
    "HousekeepingService",
    "QuestionsService",
]
