"""Background work that a capability declares and the worker runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from dishka import AsyncContainer

Done = Mapping[str, int]
"""Numbers about a run, for the log."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is due again and again.

    `cron`: when, in UTC. `run` calls services of the container. A run whose process dies is made
    again, so two runs may overlap or repeat: use cases must bear that.
    """

    name: str
    cron: str
    run: Callable[[AsyncContainer], Awaitable[Done]]
