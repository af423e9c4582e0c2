"""The assistant."""

from dishka import Provider, Scope, provide

from okno.assistant.config import AssistantSettings
from okno.assistant.context import ContextCache
from okno.assistant.service import AnsweringService, AskingService, ConversationsService
from okno.assistant.service.closing import Closing
from okno.assistant.service.endings import Endings
from okno.assistant.service.lease import Lease
from okno.assistant.service.planning import Planner
from okno.assistant.service.running import RunningGenerations
from okno.assistant.service.stops import Stops
from okno.assistant.service.windows import ContextWindows
from okno.assistant.store import AssistantStore
from okno.settings import Settings


class AssistantProvider(Provider):
    """What watches over all answers is one per process; the rest belongs to a request."""

    scope = Scope.REQUEST

    cache = provide(ContextCache, scope=Scope.APP)
    stops = provide(Stops, scope=Scope.APP)
    store = provide(AssistantStore)
    windows = provide(ContextWindows)
    running = provide(RunningGenerations)
    planner = provide(Planner)
    lease = provide(Lease)
    closing = provide(Closing)
    endings = provide(Endings)
    asking = provide(AskingService)
    answering = provide(AnsweringService)
    conversations = provide(ConversationsService)

    @provide(scope=Scope.APP)
    def settings(self, settings: Settings) -> AssistantSettings:
        return settings.assistant
