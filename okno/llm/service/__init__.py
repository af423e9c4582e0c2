"""The use cases of the language models: `LanguageModels`."""

from okno.llm.service.language_models import LanguageModels

__all__ = ["LanguageModels"]
