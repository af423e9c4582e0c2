"""CPU, memory and open files of every process, which the shared metrics do not have."""

from collections.abc import Iterator, Sequence
from functools import partial

from prometheus_client import Metric, ProcessCollector
from prometheus_client.registry import Collector

from api.supervision.server_process import ServerProcess


class ProcessUsage(Collector):
    """Collects the usage of all processes, with the label `worker`."""

    def __init__(self, workers: Sequence[ServerProcess]) -> None:
        self._workers = workers

    def collect(self) -> Iterator[Metric]:
        found: dict[str, Metric] = {}
        for worker in self._workers:
            if (pid := worker.pid) is None:
                continue
            for metric in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                family = found.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                )
                for sample in metric.samples:
                    family.add_sample(sample.name, {"worker": str(worker.number)}, sample.value)
        yield from found.values()
