"""All measurements by name, in the order in which they run."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from tools.bench import answers, crowd, emulator, memory, tcp
from tools.bench.figures import Figure
from tools.bench.http import measurement as http
from tools.bench.http.options import Options

Measurement: TypeAlias = Callable[[], list[Figure]]


def measurements(options: Options) -> Mapping[str, Measurement]:
    """Return all measurements; the options are for `http`."""
    return {
        "http": partial(http.measure, options),
        "answers": answers.measure,
        "start-over-tcp": tcp.measure,
        "many-users": crowd.measure,
        "emulator": emulator.measure,
        "memory": memory.measure,
    }


NAMES: Final = tuple(measurements(Options()))
