"""Whatever JSON a service sends as a frame, the provider understands it or calls it broken."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from okno.llm.dto import Chunk
from okno.llm.errors import ModelStreamBroken
from okno.llm.providers import openai, yandexgpt
from tests.support.prompts import make_prompt

_YANDEXGPT = ("result", "alternatives", "message", "text", "status", "usage", "modelVersion")
_OPENAI = ("model", "choices", "delta", "content", "finish_reason", "prompt_tokens")
_TOKENS = ("inputTextTokens", "completionTokens", "completion_tokens")
NAMES = st.sampled_from([*_YANDEXGPT, *_OPENAI, *_TOKENS])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.just("ALTERNATIVE_STATUS_FINAL")
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
FRAMES = st.dictionaries(NAMES, VALUES, max_size=3)
PROMPT = make_prompt()

# Over HTTP, thousands of frames would take minutes: the parsers are called by their names.
read_frame = yandexgpt._read  # noqa: SLF001
OpenAiAnswer = openai._Answer  # noqa: SLF001


def expect_bounded(chunk: Chunk) -> None:
    chunk.text.encode()
    (chunk.model_version or "").encode()
    assert len(chunk.model_version or "") <= 255
    if (usage := chunk.usage) is not None:
        assert 0 <= usage.input_tokens < 2**31
        assert 0 <= usage.output_tokens < 2**31


@given(FRAMES)
def test_yandexgpt(frame: dict[str, Any]) -> None:
    try:
        chunk = read_frame(frame, PROMPT, "before")
    except ModelStreamBroken:
        return
    expect_bounded(chunk)
    assert chunk.finish is None or chunk.usage is not None


@given(st.lists(FRAMES, max_size=4))
def test_openai(frames: list[dict[str, Any]]) -> None:
    answer = OpenAiAnswer()
    for frame in frames:
        try:
            answer.take(frame)
        except ModelStreamBroken:
            return
        expect_bounded(answer.chunk())
