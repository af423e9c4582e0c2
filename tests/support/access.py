"""Requests that come over HTTP, made by services, for tests of the bot."""

from okno.accounts.dto import Confirmation, Device, JoiningLink, Language
from okno.accounts.service import AccountsService, ConfirmationsService, PasswordsService
from okno.kit.actor import Actor, Role
from okno.kit.wakeups import Wakeups
from tests.support.stage import Stage
from tgbot.confirmations import INTERVAL_SECONDS, ConfirmationWatcher

DEVICE = Device("203.0.113.7", "Firefox")
PASSWORD = "correct horse battery staple"


async def ask_for_password(stage: Stage, telegram_id: int, device: Device = DEVICE) -> Confirmation:
    """Ask for a password for a Telegram account."""
    confirmations = await stage.container.get(ConfirmationsService)
    return await confirmations.ask_for_password(telegram_id, PASSWORD, device)


async def make_web_account(stage: Stage, login: str) -> Actor:
    """Register a web account."""
    passwords = await stage.container.get(PasswordsService)
    signed_in = await passwords.register(login, PASSWORD, DEVICE, Language.EN)
    return Actor(Role.USER, signed_in.user_id)


async def ask_for_joining(stage: Stage, actor: Actor, device: Device = DEVICE) -> JoiningLink:
    """Make a link for a web account."""
    confirmations = await stage.container.get(ConfirmationsService)
    return await confirmations.ask_for_joining(actor, device)


async def actor_of(stage: Stage, telegram_id: int) -> Actor:
    account = await (await stage.container.get(AccountsService)).find(telegram_id)
    assert account is not None
    return account.actor


async def confirmations(stage: Stage, interval: float = INTERVAL_SECONDS) -> ConfirmationWatcher:
    """Make the watcher of one process; `interval`: seconds between two looks."""
    return ConfirmationWatcher(
        await stage.container.get(ConfirmationsService),
        await stage.container.get(Wakeups),
        stage.bot,
        stage.dispatcher["confirmation_windows"],
        interval,
    )


async def outcome(stage: Stage) -> str | None:
    """Return the outcome of the newest confirmation."""
    newest = "SELECT outcome FROM confirmations ORDER BY created_at DESC LIMIT 1"
    found: str | None = await stage.scalar(newest)
    return found
