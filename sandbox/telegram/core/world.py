"""All that the emulator knows, gathered for the methods of the Bot API to work on."""

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
    """Each part keeps its own rules; what spans several of them is done by functions beside it."""

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
        """Dates in the Bot API are whole seconds."""
        return int(self.clock())
