"""Sums over all users."""

from datetime import datetime

from sqlalchemy import func, select

from okno.assistant.dto import Counters
from okno.assistant.models import Conversation, Generation, Message
from okno.kit.uow import UnitOfWork


class TotalsStore:
    """Counts, in one statement, what the other stores keep."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def count(self, now: datetime) -> Counters:
        tokens = func.coalesce(Message.input_tokens, 0) + func.coalesce(Message.output_tokens, 0)
        of_answers = func.sum(tokens).filter(Message.question_id.is_not(None))
        running = func.count().filter(Generation.lease_until > now)
        statement = select(
            select(func.count()).select_from(Conversation).scalar_subquery(),
            select(func.count()).select_from(Message).scalar_subquery(),
            select(func.coalesce(of_answers, 0)).scalar_subquery(),
            select(running).select_from(Generation).scalar_subquery(),
        )
        return Counters(*(await self._uow.session.execute(statement)).one())
