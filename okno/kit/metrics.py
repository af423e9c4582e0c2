"""The registry in which every module of a process declares its metrics.

Processes that answer together write their values into files of one folder instead. The client of
Prometheus does so from its import on, when the environment variable `SHARED` names the folder.
"""

from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REGISTRY = CollectorRegistry()
CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED = "PROMETHEUS_MULTIPROC_DIR"

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)


def render_metrics() -> bytes:
    """Return the present values of this process in the text format of Prometheus."""
    return generate_latest(REGISTRY)


def render_shared_metrics(folder: Path, others: Iterable[Collector]) -> bytes:
    """Return the values of all processes that write into `folder`, and what `others` collect."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    for collector in others:
        registry.register(collector)
    return generate_latest(registry)
