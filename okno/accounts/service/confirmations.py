"""What is asked for over HTTP and counts once the owner of a Telegram account has confirmed it.

Nothing that could confirm it is in the HTTP answer; the two digits that both sides show let the
owner see that it is his own request. Good for ten minutes, decided once, and no flood of questions:
of one account little can be asked in an hour, whether it exists or not.
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
"""Where the bot is woken when there is something to show."""
LIFETIME = timedelta(minutes=10)
"""OWASP ASVS 5.0, 6.5.5: the most for what is confirmed out of band."""
MOST = 3
"""Of one account, within `SPAN`, unless they were confirmed."""
SPAN = timedelta(hours=1)
CLAIM = timedelta(seconds=CONFIRMATION_CLAIM_SECONDS)
"""A process of the bot that has not shown what it has claimed for so long has died."""
_KEPT = timedelta(days=1)
_AT_ONCE = 100
_DELETED_AT_ONCE = 500
_CODE_BYTES = 24
_LOWEST, _HIGHEST = 10, 99
_ADDRESS_LENGTH, _DEVICE_LENGTH = 64, 255


class ConfirmationsService:
    """Asks, shows and decides; carries out what was confirmed."""

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
        """Ask for a password for the account of a Telegram id; the bot shows it, if there is one.

        Raises what is wrong with the password, `SignInsCrowded`, `TooManyConfirmations`. An unknown
        Telegram id is no error and takes as long.
        """
        password_hash = await self._passwords.hash(password, telegram_id)
        return await self._ask(
            ConfirmationKind.PASSWORD,
            device,
            {"telegram_id": telegram_id},
            password_hash=password_hash,
        )

    async def ask_for_joining(self, actor: Actor, device: Device) -> JoiningLink:
        """Make a link by which the acting user's web account is joined to a Telegram account.

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
        """Tell whoever asked, and so has the id, how it stands. Raises `ConfirmationNotFound`."""
        async with self._uow.begin():
            return (await self._find(confirmation_id)).state

    async def claim_unshown(self, actor: Actor) -> tuple[Confirmation, ...]:
        """Take what the bot has to show, for half a minute; system only.

        Whoever has shown one says so by `mark_shown`; else somebody gets it again.
        """
        actor.require_system()
        now = self._clock.now()
        async with self._uow.begin():
            return await self._store.claim_unshown(now, now + CLAIM, _AT_ONCE)

    async def mark_shown(self, actor: Actor, confirmation_id: UUID) -> None:
        """Note that the owner of the account sees it; system only."""
        actor.require_system()
        async with self._uow.begin():
            await self._store.set_shown(confirmation_id, self._clock.now())

    async def open_link(self, actor: Actor, code: str) -> Confirmation:
        """Show what a link is for, to the first Telegram account that opens it.

        Raises `ConfirmationNotFound`, also for a link that another one has opened,
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
        """Show one that concerns the acting user's Telegram account.

        Raises `ConfirmationNotFound`.
        """
        async with self._uow.begin():
            await self._own(actor, confirmation_id)
            return await self._find(confirmation_id)

    async def decide(
        self, actor: Actor, confirmation_id: UUID, *, is_confirmed: bool
    ) -> Confirmation:
        """Confirm or refuse, and carry out what is confirmed; only the account concerned may.

        After a joining the acting user is another one. Raises `ConfirmationNotFound`,
        `ConfirmationOver`; a joining also `AlreadyJoined` and what keeps it from being done at this
        moment: it can be decided again then.
        """
        outcome = ConfirmationState.CONFIRMED if is_confirmed else ConfirmationState.REFUSED
        async with self._uow.begin():
            asked = await self._own(actor, confirmation_id)
            # The users come before everything else in the order of locks.
            if is_confirmed and asked.user_id is not None:
                await self._joining.lock(actor.require_user(), asked.user_id)
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
        """Delete those that were over a day ago; count them. Only the system may."""
        actor.require_system()
        before = self._clock.now() - _KEPT
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
        """Store it and wake the bot; `of_whom`: the column that names the account asked for."""
        confirmation_id, now = uuid4(), self._clock.now()
        async with self._uow.begin():
            await self._store.lock_asking(f"{kind} {of_whom}")
            await self._require_room(now, of_whom)
            await self._store.add(
                id=confirmation_id,
                kind=kind,
                number=_LOWEST + randbelow(_HIGHEST - _LOWEST + 1),
                address=device.address[:_ADDRESS_LENGTH],
                device=device.name[:_DEVICE_LENGTH],
                created_at=now,
                expires_at=now + LIFETIME,
                **of_whom,
                **secret,
            )
            self._uow.after_commit(partial(self._wakeups.publish, CHANNEL))
            return await self._find(confirmation_id)

    async def _require_room(self, now: datetime, of_whom: dict[str, int]) -> None:
        oldest = await self._store.unconfirmed_at(MOST, **of_whom)
        if oldest is not None and oldest > now - SPAN:
            raise TooManyConfirmations(seconds=ceil((oldest + SPAN - now).total_seconds()))

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
