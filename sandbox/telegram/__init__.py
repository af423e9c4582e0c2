"""A Telegram Bot API server without Telegram: the real bot runs against it, and so do its tests.

`Emulator` is the state and the user's side; `EmulatorSession` lets a bot in the same process talk
to it; `create_app` puts it behind HTTP for a bot in any language.
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
