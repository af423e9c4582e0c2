"""The log line of a request, and the texts that it may contain."""

import pytest
import structlog

from okno.llm.dto import Prompt
from okno.llm.errors import ModelRequestRefused
from okno.llm.service.request_log import RequestLog
from tests.support.prompts import make_prompt

SECRET = "my illness is a rare one"


def logged(prompt: Prompt, refusal: str, *, texts: bool) -> object:
    with structlog.testing.capture_logs() as lines, pytest.raises(ModelRequestRefused):  # noqa: SIM117
        with RequestLog(prompt, user_id=1, conversation_id=None, texts=texts) as request_log:
            request_log.trace.refusal = refusal
            raise ModelRequestRefused
    return lines[-1]["refusal"]


@pytest.mark.parametrize(
    ("refusal", "texts", "kept"),
    [
        (f"400: can't read: …{SECRET[3:]}…", False, "400"),
        (f"400: can't read: {SECRET}", True, f"400: can't read: {SECRET}"),
        ("429: quota limit exceed: allowed 10 requests", False, None),
    ],
)
def test_words_that_quote_a_user_are_kept_only_with_the_texts(
    refusal: str,
    texts: bool,  # noqa: FBT001 - a parameter of the test
    kept: str | None,
) -> None:
    prompt = make_prompt(SECRET)

    assert logged(prompt, refusal, texts=texts) == (kept or refusal)
