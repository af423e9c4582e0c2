"""The emulator: one bot, its users, and every call that the bot makes."""

import time
from collections.abc import Mapping
from typing import Any, Final

from sandbox.telegram.core import paying, userside
from sandbox.telegram.core.answering import Answering, Reply
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
"""How long a pressed button waits for its answer; Telegram does not publish it."""

FIRST_USER_ID: Final = 1001

_YEAR_2025: Final = 1_735_689_600


class Emulator:
    """Plain synchronous state: it never waits and touches no network; the fronts do."""

    def __init__(
        self,
        token: str = "1:demo",  # noqa: S107 - opens nothing
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
        self._answering = Answering(self.world, RateLimiter(clock) if rate_limit else None)

    @property
    def hub(self) -> Hub:
        return self.world.hub

    @property
    def token(self) -> str:
        return self.world.bot.token

    # The bot's side.

    def call(
        self,
        method: str,
        fields: Mapping[str, Any] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> tuple[int, Wire]:
        """One Bot API call on raw fields: the HTTP status and the JSON body of the answer."""
        reply = self.perform(method, fields or {}, files or {})
        return reply.status, reply.body

    def perform(self, name: str, fields: Mapping[str, Any], files: Mapping[str, Upload]) -> Reply:
        """The same with all that is known of the call."""
        return self._answering.perform(name, fields, files)

    def refuse(self, name: str, fields: Mapping[str, Any], error: ApiError) -> Reply:
        """A call that a fault has befallen before it reached its method."""
        return self._answering.refuse(name, fields, error)

    # The users' side; everything here raises SimError for what a user can't do.

    def create_user(
        self,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        *,
        has_started: bool = True,
    ) -> User:
        """Someone who has talked to the bot before; else the bot may not write to them first."""
        return self.world.chats.add_user(
            first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            has_started=has_started,
        )

    def change_user(self, user_id: int, **changes: Any) -> User:  # noqa: ANN401 - fields of User
        """Someone edits their profile; `changes` are fields of `User`."""
        return self.world.chats.change_user(user_id, **changes)

    def create_group(self, title: str, member_ids: list[int]) -> Chat:
        """A group that the bot is in; the first member is its owner."""
        return self.world.chats.add_group(title, member_ids)

    def users(self) -> list[User]:
        return self.world.chats.users()

    def say(self, chat_id: int, text: str, user_id: int | None = None) -> Wire:
        return userside.say(self.world, self.world.chats.get(chat_id), text, user_id)

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
        return userside.upload(self.world, self.world.chats.get(chat_id), kind, file, caption)

    def click(
        self,
        chat_id: int,
        message_id: int,
        text: str | None = None,
        data: str | None = None,
        user_id: int | None = None,
    ) -> str:
        """Presses a button; the returned id is for `callback_answer`."""
        chat = self.world.chats.get(chat_id)
        return userside.click(self.world, chat, message_id, text=text, data=data, user_id=user_id)

    def callback_answer(self, query_id: str) -> CallbackAnswer | None:
        return self.world.callbacks.answer(query_id)

    def unanswered(self) -> list[str]:
        """Callback queries whose buttons still spin."""
        return self.world.callbacks.unanswered()

    def pay(self, chat_id: int, message_id: int, user_id: int | None = None) -> str:
        """Pays an invoice; the returned id is for `payment`."""
        chat = self.world.chats.get(chat_id)
        return paying.pay(self.world, chat, message_id, user_id)

    def pay_link(self, chat_id: int, link: str) -> str:
        return paying.pay_link(self.world, self.world.chats.get(chat_id), link)

    def payment(self, query_id: str) -> PaymentResult | None:
        """How it ended; None while the bot may still answer."""
        return self.world.checkouts.result(query_id)

    def stars(self, user_id: int) -> int:
        """What a user has; everybody begins with 1000."""
        return self.world.stars.of(user_id)

    def give_stars(self, user_id: int, stars: int) -> None:
        """The user buys Stars, or spends them elsewhere where the number is negative."""
        self.world.stars.give(user_id, stars)

    def stop(self, chat_id: int) -> None:
        userside.stop(self.world, self.world.chats.get(chat_id))

    def block(self, chat_id: int) -> None:
        userside.set_blocked(self.world, self.world.chats.get(chat_id), blocked=True)

    def unblock(self, chat_id: int) -> None:
        userside.set_blocked(self.world, self.world.chats.get(chat_id), blocked=False)

    def deactivate(self, chat_id: int) -> None:
        """The user deletes their account."""
        self.world.chats.get(chat_id).deactivated = True

    def transcript(self, chat_id: int) -> Wire:
        return transcript(self.world, self.world.chats.get(chat_id))

    # What tests look at and arrange.

    def calls(self, method: str | None = None) -> list[Call]:
        return self._answering.log.of(method)

    def clear_calls(self) -> None:
        self._answering.log.clear()

    def add_fault(self, fault: Fault) -> None:
        self.faults.add(fault)

    def clear_faults(self) -> None:
        self.faults.clear()

    def take_updates(self) -> list[Wire]:
        """The pending updates, removed from the queue: to feed a dispatcher directly."""
        return self.world.updates.clear()

    def reset(self) -> None:
        """Forgets people and what happened, not what the bot has set up. No id restarts."""
        self.world.chats.clear()
        self.world.files.clear()
        self.world.callbacks.clear()
        self.world.invoices.clear()
        self.world.checkouts.clear()
        self.world.stars.clear()
        self.world.updates.clear()
        self.faults.clear()
        self._answering.clear()
        self.hub.publish(Change(ChangeKind.RESET))


def _first_update_id(now: float) -> int:
    """A bot remembers the ids that it has seen, so they must go on growing after a restart.

    They begin with the time: ten a second since 2025, which fits 31 bits until 2031.
    """
    return max(1, int(now - _YEAR_2025) * 10)
