"""Builds the services of the assistant, one of each for a process."""

from dishka import Provider, Scope, provide_all

from okno.assistant.cache import ContextCache
from okno.assistant.service import (
    AbandonedGenerations,
    AnswerGenerator,
    ChoicesService,
    CompletionsService,
    ConversationsService,
    HousekeepingService,
    QuestionsService,
)
from okno.assistant.service.begin import GenerationBeginner
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.finish_completion import CompletionFinisher
from okno.assistant.service.finish_conversation import ConversationFinisher
from okno.assistant.service.planning import Planner
from okno.assistant.service.watch import GenerationWatch
from okno.assistant.store import AssistantStore
from okno.assistant.store.joining import JoiningStore


class AssistantProvider(Provider):
    """Services keep nothing between two calls, so one of each serves a process."""

    scope = Scope.APP

    stores = provide_all(AssistantStore, ContextCache, JoiningStore)
    steps = provide_all(
        Planner,
        GenerationBeginner,
        AnswerGenerator,
        ConversationFinisher,
        CompletionFinisher,
        AbandonedGenerations,
    )
    parts = provide_all(GenerationWatch, QuestionContexts)
    services = provide_all(
        QuestionsService,
        CompletionsService,
        ConversationsService,
        ChoicesService,
        HousekeepingService,
    )
