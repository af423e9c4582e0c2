"""Makes prompts: the persona, as much of the context window as the model can take, the question.

Tokens that a provider has billed are known exactly; all others are bounded from above, so that a
hold of their sum covers the bill.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from uuid import uuid4

from okno.assistant.dto import ContextMessage, ContextWindow
from okno.assistant.service.windows import MAX_EXCHANGES
from okno.llm.dto import Model, Persona, Prompt, PromptMessage, PromptRole

Bound = Callable[[Sequence[PromptMessage]], int]
"""The most tokens that a prompt of these messages can have."""


def plan_prompt(
    window: ContextWindow, question: str, model: Model, persona: Persona, bound: Bound
) -> tuple[Prompt, ContextWindow, int]:
    """Make the prompt, without the oldest messages that do not fit beside the longest answer.

    Returns it with the window that is left, and an upper bound of its tokens.
    """
    asked = PromptMessage(PromptRole.USER, question)
    added = bound((asked,))
    fixed = _frame(persona.prompt, bound) + added - bound(())
    known = _bounded(_known_to(window, model, persona), bound)
    first, tokens = _first_kept(known, model.context_tokens - model.answer_tokens - fixed)
    input_tokens = fixed + tokens
    if first > 0:
        left, given = known.messages[first:], max(known.given - first, 0)
        known = replace(known, messages=left, given=given, settled=None, is_cut=True)
    elif known.settled is not None:
        input_tokens = min(input_tokens, known.settled + added)
    system = PromptMessage(PromptRole.SYSTEM, persona.prompt)
    prompt = Prompt(
        model=model,
        messages=(system, *known.said, asked),
        max_tokens=model.answer_tokens,
        temperature=persona.temperature,
        request_id=uuid4(),
    )
    return prompt, known, input_tokens


@lru_cache(maxsize=64)
def _frame(persona: str, bound: Bound) -> int:
    """Bound the tokens of a prompt without question and context: there are few of them."""
    return bound((PromptMessage(PromptRole.SYSTEM, persona),))


def _known_to(window: ContextWindow, model: Model, persona: Persona) -> ContextWindow:
    """Forget counts that do not hold: models count differently, personas have other prompts."""
    if window.model == model.id:
        if window.persona == persona.id:
            return window
        return replace(window, persona=persona.id, settled=None)
    messages = tuple(replace(message, tokens=None) for message in window.messages)
    return replace(window, messages=messages, model=model.id, persona=persona.id, settled=None)


def _bounded(window: ContextWindow, bound: Bound) -> ContextWindow:
    """Bound the tokens of the messages whose number is not known; the window keeps the bounds."""
    if all(message.tokens is not None for message in window.messages):
        return window
    frame = bound(())
    messages = tuple(
        ContextMessage(message.said, bound((message.said,)) - frame)
        if message.tokens is None
        else message
        for message in window.messages
    )
    return replace(window, messages=messages)


def _first_kept(window: ContextWindow, room: int) -> tuple[int, int]:
    """Go back from the end as far as all fits; return the first message and the sum of tokens."""
    messages = window.messages
    total = 0
    first = len(messages)
    for start in _starts(window):
        tokens = sum(message.tokens or 0 for message in messages[start:first])
        if total + tokens > room or len(messages) - start > 2 * MAX_EXCHANGES:
            break
        total += tokens
        first = start
    return first, total


def _starts(window: ContextWindow) -> Iterator[int]:
    """Say where the window may begin: whole exchanges from the end, then single given messages."""
    yield from range(len(window.messages) - 2, window.given - 1, -2)
    yield from range(window.given - 1, -1, -1)
