"""The answers of the emulated models: made from the question by simple rules, in its language."""

from sandbox.llm.answers.compose import compose

__all__ = ["compose"]
