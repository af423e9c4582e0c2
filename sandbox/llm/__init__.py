"""Language models without a network: YandexGPT's native API and OpenAI's chat completions.

The same code that talks to the real services talks to this one, in the demo and in the tests.
`LanguageModelEmulator` is the state and what a test arranges; `create_app` puts it behind HTTP.
"""

from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.faults import Fault, FaultKind
from sandbox.llm.kept import KeptRequest, Outcome
from sandbox.llm.prompt import Call, Provider
from sandbox.llm.settings import Limits, Pace

__all__ = [
    "Call",
    "Fault",
    "FaultKind",
    "KeptRequest",
    "LanguageModelEmulator",
    "Limits",
    "Outcome",
    "Pace",
    "Provider",
]
