"""Chooses the rule that answers a prompt."""

from sandbox.llm.answers.default import default_answer
from sandbox.llm.answers.filler import answer_of_size
from sandbox.llm.answers.memory import remember
from sandbox.llm.answers.question import asks_for_memory, echoed, requested_size
from sandbox.llm.answers.words import words_for
from sandbox.llm.prompt import Prompt


def compose(prompt: Prompt) -> str:
    """Return the whole answer. Every answer but an echo says that it comes from an emulator."""
    question = prompt.question
    words = words_for(question)
    echo = echoed(question)
    if echo is not None:
        return echo
    if asks_for_memory(question):
        return remember(prompt, words)
    size = requested_size(question)
    if size is not None:
        return answer_of_size(size, words)
    return default_answer(prompt, words)
