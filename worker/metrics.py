"""The metrics of the worker."""

from prometheus_client import Histogram

from okno.kit.metrics import REGISTRY

JOB_DURATION = Histogram(
    "okno_job_seconds",
    "Time from the start of a job to its end, by its outcome: ok, or the class of the error.",
    ["job", "outcome"],
    buckets=(0.01, 0.05, 0.25, 1.0, 5.0, 30.0, 120.0),
    registry=REGISTRY,
)
