"""The declaration of a capability: programs are assembled from a list of these."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from dishka import Provider

from okno.kit.actor import Scope
from okno.kit.jobs import Job
from okno.kit.personal_data import PersonalData
from okno.kit.settings import Section, Settings


@dataclass(frozen=True, slots=True)
class Capability:
    """All that the assembly needs of one capability.

    `provider`: makes its services, one of each per process. `sections`: the settings that it reads.
    `models`: the module of its tables. `check`: raises `StartupError` when sections contradict each
    other.
    """

    name: str
    provider: type[Provider]
    sections: tuple[type[Section], ...] = ()
    models: ModuleType | None = None
    personal_data: type[PersonalData] | None = None
    jobs: tuple[Job, ...] = ()
    scopes: tuple[Scope, ...] = ()
    check: Callable[[Settings], None] | None = None
