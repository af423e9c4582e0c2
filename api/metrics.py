"""Metrics of the API. No label holds a user, because the number of users has no limit."""

from functools import lru_cache
from typing import NamedTuple

from prometheus_client import Counter, Gauge, Histogram, Summary

from okno.kit.metrics import REGISTRY

REQUESTS = Counter(
    "okno_http_requests_total",
    "Requests that were answered.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "okno_http_request_seconds",
    "Time from a request to the beginning of its answer; a stream begins with its first event.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
    registry=REGISTRY,
)
RESPONSE_BYTES = Summary(
    "okno_http_response_bytes",
    "Size of the bodies of answers.",
    ["method", "route"],
    registry=REGISTRY,
)
PROBLEMS = Counter(
    "okno_http_problems_total",
    "Answers that say what went wrong, by status and by the code of the problem.",
    ["status", "code"],
    registry=REGISTRY,
)
IN_FLIGHT = Gauge(
    "okno_http_requests_in_flight",
    "Requests that are being handled, streams included.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
ACTIVE_USERS = Gauge(
    "okno_active_users",
    "Users who asked something over HTTP within the last five minutes, give or take a percent.",
    multiprocess_mode="mostrecent",
    registry=REGISTRY,
)
BALANCE_UNITS = Gauge(
    "okno_balance_units",
    "The mean and the median of all balances, measured once a minute.",
    ["statistic"],
    multiprocess_mode="mostrecent",
    registry=REGISTRY,
)


class _Metrics(NamedTuple):
    requests: Counter
    seconds: Histogram
    size: Summary


@lru_cache(maxsize=1024)
def _metrics(method: str, route: str, status: int) -> _Metrics:
    """Return the metrics with these labels; the look-up is slower than the counting."""
    return _Metrics(
        REQUESTS.labels(method, route, status),
        REQUEST_SECONDS.labels(method, route),
        RESPONSE_BYTES.labels(method, route),
    )


def count_answer(
    method: str, route: str, status: int, *, seconds: float, size: int, code: str
) -> None:
    """Count an answer: seconds to its beginning, bytes of its body, the code of its problem."""
    metrics = _metrics(method, route, status)
    metrics.requests.inc()
    metrics.seconds.observe(seconds)
    metrics.size.observe(size)
    if code:
        PROBLEMS.labels(status, code).inc()
