"""The one entrance: which rule answers this prompt."""

from sandbox.llm.answers.asked import asked_size, asks_for_memory, echoed
from sandbox.llm.answers.filler import sized
from sandbox.llm.answers.memory import remember
from sandbox.llm.answers.usual import usual
from sandbox.llm.answers.words import words_for
from sandbox.llm.prompt import Prompt


def compose(prompt: Prompt) -> str:
    """The whole answer. Only an echo does not say that it comes from an emulator."""
    question = prompt.question
    words = words_for(question)
    echo = echoed(question)
    if echo is not None:
        return echo
    if asks_for_memory(question):
        return remember(prompt, words)
    size = asked_size(question)
    if size is not None:
        return sized(size, words)
    return usual(prompt, words)
