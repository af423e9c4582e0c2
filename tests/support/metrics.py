"""Values of metrics, read as Prometheus reads them."""

from prometheus_client import Counter, Gauge, Histogram


def value_of(metric: Counter | Gauge | Histogram) -> float:
    """Return the value of a counter or gauge, or the sum of a histogram."""
    samples = [sample for family in metric.collect() for sample in family.samples]
    (value,) = [
        sample.value
        for sample in samples
        if not sample.name.endswith(("_bucket", "_count", "_created"))
    ]
    return value
