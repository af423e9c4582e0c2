"""Metrics of the assistant."""

from prometheus_client import Counter, Gauge

from okno.kit.metrics import REGISTRY

ANSWERS = Counter(
    "okno_answers_total",
    "Answers by how they ended: done, truncated, stopped, lost, or the code of the failure.",
    ["outcome"],
    registry=REGISTRY,
)
RUNNING = Gauge(
    "okno_generations_running",
    "Answers that this process is making, those in the queue of a provider among them.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
