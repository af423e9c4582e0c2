"""Token counts without a network: a bound for holds, a guess for streams that end without usage.

Providers cut words into pieces by tables of their own. Measured pieces: YandexGPT 5.8 letters of
Russian, 5.4 of English; OpenAI's tables some 2 (the older) to 4 letters of Russian, 4 of English.
Digits, signs and emoji take a token each, or several.
"""

import math
import re
from collections.abc import Iterable

from okno.llm.dto import PromptMessage, Usage

_WORD = re.compile(r" ?(?:[A-Za-z]+|[\u0400-\u04ff]+)")
_LONGEST_WORD = 24
"""Letters: what is longer is no word but a key or noise, which is cut finely."""
_USUAL_PIECE = 5
"""Letters, with the space before the word."""

_REQUEST_TOKENS = 16
"""What a provider adds to a prompt: YandexGPT counts 15 for the one message "ping"."""
_MESSAGE_TOKENS = 8


def upper_bound(messages: Iterable[PromptMessage]) -> int:
    """Bound the tokens of a prompt from above: half of the letters, and every other byte."""
    return _REQUEST_TOKENS + sum(_MESSAGE_TOKENS + _bound(message.text) for message in messages)


def estimate(messages: Iterable[PromptMessage], answer: str) -> Usage:
    """Guess what the provider will bill for an exchange."""
    prompt = sum(_MESSAGE_TOKENS // 2 + _guess(message.text) for message in messages)
    return Usage(_REQUEST_TOKENS // 2 + prompt, _guess(answer), estimated=True)


def _bound(text: str) -> int:
    words = sum(
        len(word) if len(word) > _LONGEST_WORD else (len(word) + 1) // 2
        for word in _WORD.findall(text)
    )
    return words + len(_WORD.sub("", text).encode(errors="surrogatepass"))


def _guess(text: str) -> int:
    words = sum(math.ceil(len(word) / _USUAL_PIECE) for word in _WORD.findall(text))
    return words + len(re.sub(r"\s", "", _WORD.sub("", text)))
