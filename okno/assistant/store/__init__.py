"""Queries of the assistant, a class per table or purpose."""

from okno.assistant.store.conversations import ConversationStore
from okno.assistant.store.exchanges import ExchangeStore
from okno.assistant.store.generations import GenerationStore
from okno.assistant.store.messages import MessageStore
from okno.assistant.store.preferences import PreferenceStore
from okno.assistant.store.repeats import RepeatStore
from okno.assistant.store.search import SearchStore
from okno.assistant.store.totals import TotalsStore
from okno.kit.uow import UnitOfWork

__all__ = ["AssistantStore"]


class AssistantStore:
    """All of them, within the open transaction of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.conversations = ConversationStore(uow)
        self.generations = GenerationStore(uow)
        self.messages = MessageStore(uow)
        self.preferences = PreferenceStore(uow)
        self.repeats = RepeatStore(uow)
        self.search = SearchStore(uow)
        self.totals = TotalsStore(uow)
        self.exchanges = ExchangeStore(uow)
