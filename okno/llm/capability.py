"""The language models, declared for the assembly."""

from okno.kit.capability import Capability
from okno.llm.config import LlmSettings, OpenAiSettings, YandexGptSettings
from okno.llm.provider import LlmProvider

LLM = Capability(
    name="llm",
    provider=LlmProvider,
    sections=(LlmSettings, YandexGptSettings, OpenAiSettings),
)
