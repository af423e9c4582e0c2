"""An answer that grows token by token until its end or its token limit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.llm.answers import compose
from sandbox.llm.prompt import Prompt
from sandbox.llm.tokens import prompt_tokens, tokenize


class Finish(StrEnum):
    """The reason for the end of an answer."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Progress:
    """A state of an answer: the text so far, its last addition, and the tokens used."""

    text: str
    added: str
    input_tokens: int
    output_tokens: int
    finish: Finish | None = None

    def ended(self, finish: Finish) -> "Progress":
        """Return the same text as the end of the answer."""
        return replace(self, added="", finish=finish)


class Generation:
    """The answer to a prompt. All of it is known at the start."""

    def __init__(self, prompt: Prompt) -> None:
        pieces = tokenize(compose(prompt))
        self.finish = Finish.STOP if len(pieces) <= prompt.max_tokens else Finish.LENGTH
        self._pieces = pieces[: prompt.max_tokens]
        self._input_tokens = prompt_tokens(prompt.messages)

    @property
    def start(self) -> Progress:
        return Progress("", "", self._input_tokens, 0)

    @property
    def end(self) -> Progress:
        text = "".join(self._pieces)
        return Progress(text, "", self._input_tokens, len(self._pieces), self.finish)

    def count_steps(self, tokens: int) -> int:
        return -(-len(self._pieces) // tokens)

    def steps(self, tokens: int) -> Iterator[Progress]:
        """Yield states of the answer; each has so many tokens more than the one before."""
        text = ""
        for first in range(0, len(self._pieces), tokens):
            added = "".join(self._pieces[first : first + tokens])
            text += added
            spent = min(first + tokens, len(self._pieces))
            yield Progress(text, added, self._input_tokens, spent)
