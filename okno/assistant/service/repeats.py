"""Questions that come again under the same idempotency key: answered once, paid once."""

from okno.assistant.dto import Answered, Repeat
from okno.assistant.errors import RepeatDiffers
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.uow import UnitOfWork


class Repeats:
    """Finds what has become of the first run."""

    def __init__(self, uow: UnitOfWork, store: AssistantStore) -> None:
        self._uow = uow
        self._store = store

    async def find(self, actor: Actor, repeat: Repeat) -> Answered | int | None:
        """Return the answer, or the id of the question that has none (yet); None: it is the first.

        Raises `RepeatDiffers`.
        """
        user_id = actor.require_user()
        async with self._uow.begin():
            asked = await self._store.repeats.find(user_id, repeat.key)
            if asked is None:
                return None
            if asked.fingerprint != repeat.fingerprint:
                raise RepeatDiffers
            found = await self._store.messages.answer_to(asked.question_id)
        if found is None:
            return asked.question_id
        message, usage = found
        return Answered(message, usage, asked.context or ())
