"""`http`: a question over HTTP, from the request until the answer is stored and paid."""

from collections.abc import Callable, Mapping
from typing import Final

from tools.bench.figures import Figure
from tools.bench.http.exchanges import measure_exchanges
from tools.bench.http.memory import measure_memory
from tools.bench.http.options import Options
from tools.bench.http.streams import measure_streams

_PARTS: Final[Mapping[str, Callable[[Options], list[Figure]]]] = {
    "exchanges": measure_exchanges,
    "memory": measure_memory,
    "streams": measure_streams,
}


def measure(options: Options) -> list[Figure]:
    return [figure for part in options.only for figure in _PARTS[part](options)]
