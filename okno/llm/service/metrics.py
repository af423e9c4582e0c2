"""Metrics of the models. No label names a user: there is no limit to their number."""

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from okno.kit.metrics import REGISTRY

REQUESTS = Counter(
    "okno_llm_requests_total",
    "Requests to models by their outcome: how the answer ended, or the code of the error.",
    ["provider", "outcome"],
    registry=REGISTRY,
)
TOKENS = Counter(
    "okno_llm_tokens_total",
    "Tokens of prompts (in) and answers (out), as the provider counted them or as we did.",
    ["provider", "direction"],
    registry=REGISTRY,
)
FIRST_TEXT_SECONDS = Histogram(
    "okno_llm_first_text_seconds",
    "Time from sending a request to the first text of its answer.",
    ["provider"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
    registry=REGISTRY,
)
QUEUE_LENGTH = Gauge(
    "okno_llm_queue_length",
    "Requests that wait for their turn.",
    ["provider"],
    multiprocess_mode="livesum",
    registry=REGISTRY,
)


# Looking a series up costs more than counting; there are few of them.
requests = cache(REQUESTS.labels)
tokens = cache(TOKENS.labels)
first_text_seconds = cache(FIRST_TEXT_SECONDS.labels)
