"""The emulator: one bot, its users and the calls of the bot."""

import time
from collections.abc import Mapping
from typing import Any, Final

from sandbox.telegram.core import paying, user_actions
from sandbox.telegram.core.call_runner import CallRunner, Reply
from sandbox.telegram.core.callbacks import CallbackAnswer, CallbackBook
from sandbox.telegram.core.calls import Call
from sandbox.telegram.core.chats import Chat, ChatBook
from sandbox.telegram.core.checkouts import CheckoutBook, PaymentResult
from sandbox.telegram.core.commands import CommandBook
from sandbox.telegram.core.files import FileStore
from sandbox.telegram.core.hub import Change, ChangeKind, Hub
from sandbox.telegram.core.invoices import InvoiceBook
from sandbox.telegram.core.people import BotProfile, User
from sandbox.telegram.core.stars import StarBook
from sandbox.telegram.core.transcript import transcript
from sandbox.telegram.core.updates import UpdateQueue
from sandbox.telegram.core.webhook import Webhook
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import ApiError
from sandbox.telegram.faults import Fault, FaultScript
from sandbox.telegram.limiter import RateLimiter
from sandbox.telegram.shapes import Clock, Upload, Wire

CALLBACK_SECONDS: Final = 900.0
"""A click waits so long for its answer; Telegram does not publish the real value."""

FIRST_USER_ID: Final = 1001

_YEAR_2025: Final = 1_735_689_600


class Emulator:
    """The state and all actions. It never waits and uses no network: `ApiGateway` does."""

    def __init__(
        self,
        token: str = "1:demo",  # noqa: S107 - opens only the emulator
        *,
        rate_limit: bool = False,
        clock: Clock = time.time,
        username: str = "okno_demo_bot",
        first_name: str = "Okno",
        callback_seconds: float = CALLBACK_SECONDS,
        refuse_second_answer: bool = False,
        first_user_id: int = FIRST_USER_ID,
    ) -> None:
        hub = Hub()
        self.world = World(
            clock=clock,
            hub=hub,
            bot=BotProfile(token, username=username, first_name=first_name),
            chats=ChatBook(first_user_id=first_user_id),
            files=FileStore(),
            updates=UpdateQueue(hub, first_id=_first_update_id(clock())),
            callbacks=CallbackBook(
                clock, lifetime=callback_seconds, refuse_second_answer=refuse_second_answer
            ),
            commands=CommandBook(),
            invoices=InvoiceBook(),
            checkouts=CheckoutBook(clock),
            stars=StarBook(),
            webhook=Webhook(),
            menu_button={"type": "commands"},
        )
        self.faults = FaultScript()
        self._runner = CallRunner(self.world, RateLimiter(clock) if rate_limit else None)

    @property
    def hub(self) -> Hub:
        return self.world.hub

    @property
    def token(self) -> str:
        return self.world.bot.token

    # Calls of the bot.

    def call(
        self,
        method: str,
        fields: Mapping[str, Any] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> tuple[int, Wire]:
        """Perform a call on raw fields; return the HTTP status and the JSON body of the answer."""
        reply = self.perform(method, fields or {}, files or {})
        return reply.status, reply.body

    def perform(self, name: str, fields: Mapping[str, Any], files: Mapping[str, Upload]) -> Reply:
        """Perform a call on raw fields; return the answer together with the logged call."""
        return self._runner.perform(name, fields, files)

    def refuse(self, name: str, fields: Mapping[str, Any], error: ApiError) -> Reply:
        """Log a call and refuse it because of a fault."""
        return self._runner.refuse(name, fields, error)

    # Actions of users. They raise SimError if the action is not possible.

    def create_user(
        self,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        *,
        has_started: bool = True,
    ) -> User:
        """Add a user. If the user has not started the bot, the bot may not write first."""
        return self.world.chats.add_user(
            first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            has_started=has_started,
        )

    def change_user(self, user_id: int, **changes: Any) -> User:  # noqa: ANN401 - fields of User
        """Change the profile of a user; `changes` are fields of `User`."""
        return self.world.chats.change_user(user_id, **changes)

    def create_group(self, title: str, member_ids: list[int]) -> Chat:
        """Add a group with the bot; the first member is the owner."""
        return self.world.chats.add_group(title, member_ids)

    def users(self) -> list[User]:
        return self.world.chats.users()

    def say(self, chat_id: int, text: str, user_id: int | None = None) -> Wire:
        return user_actions.say(self.world, self.world.chats.get(chat_id), text, user_id)

    def upload(
        self,
        chat_id: int,
        *,
        kind: str,
        filename: str,
        content: bytes,
        caption: str | None = None,
        content_type: str | None = None,
    ) -> Wire:
        file = Upload(filename, content, content_type)
        return user_actions.upload(self.world, self.world.chats.get(chat_id), kind, file, caption)

    def click(
        self,
        chat_id: int,
        message_id: int,
        text: str | None = None,
        data: str | None = None,
        user_id: int | None = None,
    ) -> str:
        """Press a button; return the id for `callback_answer`."""
        chat = self.world.chats.get(chat_id)
        return user_actions.click(
            self.world, chat, message_id, text=text, data=data, user_id=user_id
        )

    def callback_answer(self, query_id: str) -> CallbackAnswer | None:
        return self.world.callbacks.answer(query_id)

    def unanswered(self) -> list[str]:
        """Return the callback queries without an answer."""
        return self.world.callbacks.unanswered()

    def pay(self, chat_id: int, message_id: int, user_id: int | None = None) -> str:
        """Pay an invoice; return the id for `payment`."""
        chat = self.world.chats.get(chat_id)
        return paying.pay(self.world, chat, message_id, user_id)

    def pay_link(self, chat_id: int, link: str) -> str:
        return paying.pay_link(self.world, self.world.chats.get(chat_id), link)

    def payment(self, query_id: str) -> PaymentResult | None:
        """Return the result of a payment, or None while the bot may still answer."""
        return self.world.checkouts.result(query_id)

    def stars(self, user_id: int) -> int:
        """Return the Stars of a user; every user begins with 1000."""
        return self.world.stars.of(user_id)

    def give_stars(self, user_id: int, stars: int) -> None:
        """Add Stars; a negative number takes them away."""
        self.world.stars.give(user_id, stars)

    def stop(self, chat_id: int) -> None:
        user_actions.stop(self.world, self.world.chats.get(chat_id))

    def block(self, chat_id: int) -> None:
        user_actions.set_blocked(self.world, self.world.chats.get(chat_id), blocked=True)

    def unblock(self, chat_id: int) -> None:
        user_actions.set_blocked(self.world, self.world.chats.get(chat_id), blocked=False)

    def deactivate(self, chat_id: int) -> None:
        """Delete the Telegram account of the user."""
        self.world.chats.get(chat_id).deactivated = True

    def transcript(self, chat_id: int) -> Wire:
        return transcript(self.world, self.world.chats.get(chat_id))

    # Controls for tests.

    def calls(self, method: str | None = None) -> list[Call]:
        return self._runner.log.of(method)

    def clear_calls(self) -> None:
        self._runner.log.clear()

    def add_fault(self, fault: Fault) -> None:
        self.faults.add(fault)

    def clear_faults(self) -> None:
        self.faults.clear()

    def take_updates(self) -> list[Wire]:
        """Remove all pending updates from the queue and return them, to feed a dispatcher."""
        return self.world.updates.clear()

    def reset(self) -> None:
        """Forget users and their chats, but not the settings of the bot. Ids do not restart."""
        self.world.chats.clear()
        self.world.files.clear()
        self.world.callbacks.clear()
        self.world.invoices.clear()
        self.world.checkouts.clear()
        self.world.stars.clear()
        self.world.updates.clear()
        self.faults.clear()
        self._runner.clear()
        self.hub.publish(Change(ChangeKind.RESET))


def _first_update_id(now: float) -> int:
    """Make an id that is greater than those of earlier runs, which a bot may remember.

    It is ten times the seconds since 2025, which fits into 31 bits until 2031.
    """
    return max(1, int(now - _YEAR_2025) * 10)
