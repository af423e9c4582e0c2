"""The use cases of the assistant: asking, answering, and what is kept of both."""

from okno.assistant.service.answering import AnsweringService
from okno.assistant.service.completions import CompletionsService
from okno.assistant.service.conversations import ConversationsService
from okno.assistant.service.questions import QuestionsService

__all__ = ["AnsweringService", "CompletionsService", "ConversationsService", "QuestionsService"]
