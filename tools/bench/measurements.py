"""All measurements by their names, in the order in which they are made."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from tools.bench import answers, crowd, emulator, memory, tcp
from tools.bench.figures import Figure

Measurement: TypeAlias = Callable[[], list[Figure]]

MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "answers": answers.measure,
    "start-over-tcp": tcp.measure,
    "many-users": crowd.measure,
    "emulator": emulator.measure,
    "memory": memory.measure,
}
