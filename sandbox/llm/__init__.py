"""Language models without a network: YandexGPT's native API and OpenAI's chat completions.

In the demo and the tests, Okno talks to this emulator with the same code as to the real services.
`LanguageModelEmulator` holds the state and is controlled by tests; `create_app` serves it by HTTP.
"""

from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.faults import Fault, FaultKind
from sandbox.llm.prompt import Call, Provider
from sandbox.llm.request_log import LoggedRequest, Outcome
from sandbox.llm.settings import Limits, Pace

__all__ = [
    "Call",
    "Fault",
    "FaultKind",
    "LanguageModelEmulator",
    "Limits",
    "LoggedRequest",
    "Outcome",
    "Pace",
    "Provider",
]
