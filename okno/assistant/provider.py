"""How the services of the assistant are made."""

from dishka import Provider, Scope, provide, provide_all

from okno.assistant.context import ContextCache
from okno.assistant.service import (
    AnsweringService,
    CompletionsService,
    ConversationsService,
    QuestionsService,
)
from okno.assistant.service.beginnings import Beginning, Beginnings, BeginTogether
from okno.assistant.service.closings import CloseTogether, Closings, Ending
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.endings import Endings
from okno.assistant.service.lease import Leases
from okno.assistant.service.planning import Planner
from okno.assistant.service.repeats import Repeats
from okno.assistant.service.running import RunningGenerations
from okno.assistant.service.settling import Settling
from okno.assistant.service.stops import Stops
from okno.assistant.store import AssistantStore
from okno.assistant.store.joining import JoiningStore
from okno.kit.batch import apart
from okno.kit.nursery import Nursery

EXCHANGES_AT_ONCE = 100
"""So many users wait for the slowest of their exchanges, and no more."""


class AssistantProvider(Provider):
    """Services keep nothing between two calls, so one of each serves a process."""

    scope = Scope.APP

    cache = provide(ContextCache)
    stops = provide(Stops)
    store = provide(AssistantStore)
    leases = provide(Leases)
    parts = provide_all(Endings, Planner, Repeats, RunningGenerations, QuestionContexts)
    together = provide_all(BeginTogether, CloseTogether)
    asking = provide(QuestionsService)
    answering = provide(AnsweringService)
    completions = provide_all(CompletionsService, Settling)
    conversations = provide(ConversationsService)
    joining = provide(JoiningStore)

    @provide
    def beginnings(self, together: BeginTogether, nursery: Nursery) -> Beginnings:
        return Beginnings(apart(together), nursery, most=EXCHANGES_AT_ONCE, key=Beginning.user)

    @provide
    def closings(self, together: CloseTogether, nursery: Nursery) -> Closings:
        return Closings(apart(together), nursery, most=EXCHANGES_AT_ONCE, key=Ending.user)
