"""The use cases of the language models: `LanguageModels`."""

from okno.llm.service.models import LanguageModels

__all__ = ["LanguageModels"]
