"""Requests over HTTP that count once the owner of a Telegram account has confirmed them.

The HTTP answer holds nothing that could confirm a request. Both sides show the same two digits, so
that owners can recognise their own requests. A request can be confirmed for ten minutes, and is
decided once. There is a limit of requests per hour to one account, whether it exists or not.
"""

from datetime import datetime, timedelta
from functools import partial
from math import ceil
from secrets import randbelow, token_urlsafe
from uuid import UUID, uuid4

import structlog

from okno.accounts.dto import (
    Confirmation,
    ConfirmationKind,
    ConfirmationState,
    Device,
    JoiningLink,
)
from okno.accounts.errors import (
    ConfirmationNotFound,
    ConfirmationOver,
    TooManyConfirmations,
)
from okno.accounts.service.confirmed_passwords import ConfirmedPasswords
from okno.accounts.service.joining import Joining
from okno.accounts.store.confirmations import AskedFor, ConfirmationStore
from okno.accounts.store.users import UserStore
from okno.accounts.tokens import hash_of
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.timeouts import CONFIRMATION_CLAIM_SECONDS
from okno.kit.uow import UnitOfWork
from okno.kit.wakeups import Wakeups

log = structlog.get_logger(__name__)

CHANNEL = "okno:confirmations"
"""The channel of Redis that wakes the bot when there is something to show."""
CONFIRMATION_LIFETIME = timedelta(minutes=10)
"""OWASP ASVS 5.0, 6.5.5: the maximum for confirmations by another channel."""
MAX_UNCONFIRMED = 3
"""Requests to one account within an hour that were not confirmed."""
_UNCONFIRMED_SPAN = timedelta(hours=1)
CLAIM_LIFETIME = timedelta(seconds=CONFIRMATION_CLAIM_SECONDS)
"""After this time another process of the bot shows a claimed request: the first has died."""
_KEPT_AFTER_EXPIRY = timedelta(days=1)
_MAX_CLAIMED_AT_ONCE = 100
_DELETED_AT_ONCE = 500
_CODE_BYTES = 24
_MIN_NUMBER, _MAX_NUMBER = 10, 99
_ADDRESS_LENGTH, _DEVICE_LENGTH = 64, 255


class ConfirmationsService:
    """Stores requests, shows them, takes the decision and carries it out."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: ConfirmationStore,
        users: UserStore,
        passwords: ConfirmedPasswords,
        joining: Joining,
        wakeups: Wakeups,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._users = users
        self._passwords = passwords
        self._joining = joining
        self._wakeups = wakeups
        self._clock = clock

    async def ask_for_password(
        self, telegram_id: int, password: str, device: Device
    ) -> Confirmation:
        """Ask for a password for the account of a Telegram id; the bot shows the request.

        Raises `PasswordTooShort`, `PasswordTooLong`, `PasswordTooCommon`, `SignInsCrowded`,
        `TooManyConfirmations`. An unknown Telegram id is no error and takes the same time.
        """
        password_hash = await self._passwords.hash(password, telegram_id)
        return await self._ask(
            ConfirmationKind.PASSWORD,
            device,
            {"telegram_id": telegram_id},
            password_hash=password_hash,
        )

    async def ask_for_joining(self, actor: Actor, device: Device) -> JoiningLink:
        """Make a link: who opens it can join the acting user's web account to a Telegram account.

        Raises `AlreadyJoined`, `TooManyConfirmations`, `UserNotFound`.
        """
        user_id = actor.require_user()
        code = token_urlsafe(_CODE_BYTES)
        async with self._uow.begin():
            await self._joining.require_web_account(user_id)
            confirmation = await self._ask(
                ConfirmationKind.JOINING, device, {"user_id": user_id}, code_hash=hash_of(code)
            )
        return JoiningLink(confirmation, code)

    async def state(self, confirmation_id: UUID) -> ConfirmationState:
        """Return the state to anybody who has the id. Raises `ConfirmationNotFound`."""
        async with self._uow.begin():
            return (await self._find(confirmation_id)).state

    async def claim_unshown(self, actor: Actor) -> tuple[Confirmation, ...]:
        """Claim the requests that the bot has to show, for half a minute. Only the system may.

        `mark_shown` says that one was shown; otherwise another process gets it again.
        """
        actor.require_system()
        now = self._clock.now()
        async with self._uow.begin():
            return await self._store.claim_unshown(now, now + CLAIM_LIFETIME, _MAX_CLAIMED_AT_ONCE)

    async def mark_shown(self, actor: Actor, confirmation_id: UUID) -> None:
        """Note that the owner of the account sees the request. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            await self._store.set_shown(confirmation_id, self._clock.now())

    async def open_link(self, actor: Actor, code: str) -> Confirmation:
        """Return the request of a link, to the first Telegram account that opens it.

        Raises `ConfirmationNotFound`, also for a link that another account has opened,
        `ConfirmationOver`, `AlreadyJoined`, `UserNotFound`.
        """
        user_id = actor.require_user()
        async with self._uow.begin():
            telegram_id = await self._joining.require_telegram_account(user_id)
            opened = await self._store.open(hash_of(code), telegram_id, self._clock.now())
            if opened is None:
                raise ConfirmationNotFound
            confirmation = await self._find(opened)
        if confirmation.state is not ConfirmationState.PENDING:
            raise ConfirmationOver
        return confirmation

    async def get(self, actor: Actor, confirmation_id: UUID) -> Confirmation:
        """Return a request to the acting user's Telegram account.

        Raises `ConfirmationNotFound`.
        """
        async with self._uow.begin():
            await self._own(actor, confirmation_id)
            return await self._find(confirmation_id)

    async def decide(
        self, actor: Actor, confirmation_id: UUID, *, is_confirmed: bool
    ) -> Confirmation:
        """Confirm or refuse a request, and carry it out; only the account concerned may.

        After a joining the acting user is another one. Raises `ConfirmationNotFound`,
        `ConfirmationOver`; a joining also `AlreadyJoined`, `UserNotFound`, `UnitsHeld`,
        `AnswerInProgress`, and can be decided again then.
        """
        outcome = ConfirmationState.CONFIRMED if is_confirmed else ConfirmationState.REFUSED
        async with self._uow.begin():
            asked = await self._own(actor, confirmation_id)
            # The users come before everything else in the order of locks.
            if is_confirmed and asked.user_id is not None:
                await self._joining.lock(actor.require_user(), asked.user_id)
            elif is_confirmed:
                await self._users.lock(actor.require_user())
            if not await self._store.decide(confirmation_id, outcome, self._clock.now()):
                raise ConfirmationOver
            if is_confirmed:
                await self._carry_out(actor.require_user(), asked)
            decided = await self._find(confirmation_id)
            self._uow.after_commit(
                partial(
                    log.info,
                    "confirmation decided",
                    confirmation=str(confirmation_id),
                    kind=decided.kind,
                    outcome=outcome,
                    user_id=actor.user_id,
                )
            )
        return decided

    async def delete_over(self, actor: Actor) -> int:
        """Delete those that expired a day ago; return their number. Only the system may."""
        actor.require_system()
        before = self._clock.now() - _KEPT_AFTER_EXPIRY
        deleted = 0
        while True:
            async with self._uow.begin():
                batch = await self._store.delete_over(before, _DELETED_AT_ONCE)
            deleted += batch
            if batch < _DELETED_AT_ONCE:
                return deleted

    async def _ask(
        self, kind: ConfirmationKind, device: Device, of_whom: dict[str, int], **secret: str | bytes
    ) -> Confirmation:
        """Store a request and wake the bot; `of_whom`: the column that names the account."""
        confirmation_id, now = uuid4(), self._clock.now()
        async with self._uow.begin():
            await self._store.lock_asking(f"{kind} {of_whom}")
            await self._require_room(now, of_whom)
            await self._store.add(
                id=confirmation_id,
                kind=kind,
                number=_MIN_NUMBER + randbelow(_MAX_NUMBER - _MIN_NUMBER + 1),
                address=device.address[:_ADDRESS_LENGTH],
                device=device.name[:_DEVICE_LENGTH],
                created_at=now,
                expires_at=now + CONFIRMATION_LIFETIME,
                **of_whom,
                **secret,
            )
            self._uow.after_commit(partial(self._wakeups.publish, CHANNEL))
            return await self._find(confirmation_id)

    async def _require_room(self, now: datetime, of_whom: dict[str, int]) -> None:
        oldest = await self._store.unconfirmed_at(MAX_UNCONFIRMED, **of_whom)
        if oldest is not None and oldest > now - _UNCONFIRMED_SPAN:
            raise TooManyConfirmations(
                seconds=ceil((oldest + _UNCONFIRMED_SPAN - now).total_seconds())
            )

    async def _carry_out(self, user_id: int, asked: AskedFor) -> None:
        if asked.user_id is not None:
            await self._joining.join(user_id, asked.user_id)
        elif asked.password_hash is not None:
            await self._passwords.put_into_force(user_id, asked.password_hash)

    async def _own(self, actor: Actor, confirmation_id: UUID) -> AskedFor:
        user = await self._users.get(actor.require_user())
        asked = await self._store.asked_for(confirmation_id)
        if user is None or asked is None or asked.telegram_id != user.telegram_id:
            raise ConfirmationNotFound
        return asked

    async def _find(self, confirmation_id: UUID) -> Confirmation:
        confirmation = await self._store.get(confirmation_id, self._clock.now())
        if confirmation is None:
            raise ConfirmationNotFound
        return confirmation
