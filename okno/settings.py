"""The settings of a program: the sections of the core and those of its surface."""

from okno.capabilities import CAPABILITIES
from okno.kit.settings import LogSettings, PostgresSettings, RedisSettings, Section, Settings, load

CORE: tuple[type[Section], ...] = (
    PostgresSettings,
    RedisSettings,
    LogSettings,
    *(section for capability in CAPABILITIES for section in capability.sections),
)


def load_settings(*surface: type[Section]) -> Settings:
    """Read the environment; raises `StartupError` naming what is missing or does not fit."""
    settings = Settings(load(section) for section in (*surface, *CORE))
    for capability in CAPABILITIES:
        if capability.check is not None:
            capability.check(settings)
    return settings
