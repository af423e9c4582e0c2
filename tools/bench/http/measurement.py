"""`http`: a question over HTTP, from the client's request until the answer is stored and paid."""

from collections.abc import Callable, Mapping
from typing import Final

from tools.bench.figures import Figure
from tools.bench.http.memory import measure_memory
from tools.bench.http.options import Options
from tools.bench.http.streams import measure_streams
from tools.bench.http.turns import measure_turns

_PARTS: Final[Mapping[str, Callable[[Options], list[Figure]]]] = {
    "turns": measure_turns,
    "memory": measure_memory,
    "streams": measure_streams,
}


def measure(options: Options) -> list[Figure]:
    return [figure for part in options.only for figure in _PARTS[part](options)]
