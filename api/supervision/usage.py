"""CPU, memory and open files of every process: they stand in no file that the processes share."""

from collections.abc import Iterator, Sequence
from functools import partial

from prometheus_client import Metric, ProcessCollector
from prometheus_client.registry import Collector

from api.supervision.worker import Worker


class WorkerProcesses(Collector):
    """The figures that prometheus_client shows of a single process, here by worker."""

    def __init__(self, workers: Sequence[Worker]) -> None:
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
