"""An emulated Telegram Bot API server, for the demo and the tests of the bot.

`Emulator` holds the state and acts for the users. `EmulatorSession` connects a bot in the same
process; `create_app` serves the emulator by HTTP for a bot in any language.
"""

from sandbox.telegram.core.callbacks import CallbackAnswer
from sandbox.telegram.core.calls import Call
from sandbox.telegram.core.checkouts import PaymentResult
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.errors import SimError
from sandbox.telegram.faults import Fault, FaultKind
from sandbox.telegram.session import EmulatorSession

__all__ = [
    "Call",
    "CallbackAnswer",
    "Emulator",
    "EmulatorSession",
    "Fault",
    "FaultKind",
    "PaymentResult",
    "SimError",
]
