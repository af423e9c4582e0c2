"""The whole state of the emulator, on which the methods of the Bot API work."""

from dataclasses import dataclass

from sandbox.telegram.core.callbacks import CallbackBook
from sandbox.telegram.core.chats import ChatBook
from sandbox.telegram.core.checkouts import CheckoutBook
from sandbox.telegram.core.commands import CommandBook
from sandbox.telegram.core.files import FileStore
from sandbox.telegram.core.hub import Hub
from sandbox.telegram.core.invoices import InvoiceBook
from sandbox.telegram.core.people import BotProfile
from sandbox.telegram.core.stars import StarBook
from sandbox.telegram.core.updates import UpdateQueue
from sandbox.telegram.core.webhook import Webhook
from sandbox.telegram.shapes import Clock, Wire


@dataclass(slots=True)
class World:
    """The parts of the state. Each part keeps its own rules; functions combine several parts."""

    clock: Clock
    hub: Hub
    bot: BotProfile
    chats: ChatBook
    files: FileStore
    updates: UpdateQueue
    callbacks: CallbackBook
    commands: CommandBook
    invoices: InvoiceBook
    checkouts: CheckoutBook
    stars: StarBook
    webhook: Webhook
    menu_button: Wire

    def now(self) -> int:
        """Return the time in whole seconds, as in the Bot API."""
        return int(self.clock())
