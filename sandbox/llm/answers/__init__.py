"""What the emulated models say: made from the question by plain rules, in its language."""

from sandbox.llm.answers.compose import compose

__all__ = ["compose"]
