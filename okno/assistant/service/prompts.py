"""What is sent to a model: the persona, as much of the context window as it can take, the question.

Tokens that a provider has billed are known exactly; all others are bounded from above, so that a
hold made of the sum covers the bill.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from okno.assistant.dto import ContextMessage, ContextWindow
from okno.assistant.service.windows import MOST_EXCHANGES
from okno.llm.dto import Model, Persona, PromptMessage, PromptRole

Bound = Callable[[Sequence[PromptMessage]], int]
"""The most tokens that a prompt of these messages can have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A prompt to be; `input_tokens`: the most that it has; `window`: what is left of the past."""

    model: Model
    persona: Persona
    window: ContextWindow
    messages: tuple[PromptMessage, ...]
    input_tokens: int

    @property
    def max_tokens(self) -> int:
        """The longest answer; it can be negative when the question alone is too long."""
        return min(self.model.answer_tokens, self.model.context_tokens - self.input_tokens)


def plan_prompt(
    window: ContextWindow, question: str, model: Model, persona: Persona, bound: Bound
) -> Plan:
    """Drop the oldest exchanges that do not fit together with the longest answer."""
    system = PromptMessage(PromptRole.SYSTEM, persona.prompt)
    asked = PromptMessage(PromptRole.USER, question)
    fixed = bound((system, asked))
    known = _known_to(window, model, persona)
    room = model.context_tokens - model.answer_tokens - fixed
    kept, tokens = _newest(known.messages, room, bound)
    input_tokens = fixed + tokens
    if len(kept) < len(known.messages):
        known = replace(known, messages=kept, settled=None, is_cut=True)
    elif known.settled is not None:
        input_tokens = min(input_tokens, known.settled + bound((asked,)))
    messages = (system, *(message.said for message in kept), asked)
    return Plan(model, persona, known, messages, input_tokens)


def _known_to(window: ContextWindow, model: Model, persona: Persona) -> ContextWindow:
    """Forget counts that do not hold: models count differently, personas have other prompts."""
    if window.model == model.id:
        settled = window.settled if window.persona == persona.id else None
        return replace(window, persona=persona.id, settled=settled)
    messages = tuple(replace(message, tokens=None) for message in window.messages)
    return replace(window, messages=messages, model=model.id, persona=persona.id, settled=None)


def _newest(
    messages: tuple[ContextMessage, ...], room: int, bound: Bound
) -> tuple[tuple[ContextMessage, ...], int]:
    """Take whole exchanges from the end, as many as fit, and sum up their tokens."""
    frame = bound(())
    total = 0
    first = len(messages)
    while first > 0 and len(messages) - first < 2 * MOST_EXCHANGES:
        exchange = messages[first - 2 : first]
        tokens = sum(
            bound((message.said,)) - frame if message.tokens is None else message.tokens
            for message in exchange
        )
        if total + tokens > room:
            break
        total += tokens
        first -= 2
    return messages[first:], total
