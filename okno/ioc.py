"""The wiring: what a program is made of. Everything in it lives as long as the process."""

from collections.abc import Sequence

from dishka import AsyncContainer, Provider, Scope, make_async_container

from okno.capabilities import CAPABILITIES
from okno.kit.personal_data import PersonalData
from okno.kit.provider import KitProvider
from okno.kit.settings import Settings


def create_container(settings: Settings, *surface: Provider) -> AsyncContainer:
    """Build the container of one process; a surface may add providers of its own.

    What is built gets its sections of the settings, and nothing can get them all.
    """
    return make_async_container(
        _sections(settings),
        KitProvider(),
        *(capability.provider() for capability in CAPABILITIES),
        _personal_data(),
        *surface,
        context={type(section): section for section in settings},
    )


def _sections(settings: Settings) -> Provider:
    provider = Provider(scope=Scope.APP)
    for section in settings:
        provider.from_context(provides=type(section))
    return provider


def _personal_data() -> Provider:
    """Collect the implementations in the order of the list, which is the order of locks."""
    provider = Provider(scope=Scope.APP)
    for capability in CAPABILITIES:
        if capability.personal_data is not None:
            provider.provide(capability.personal_data)
            provider.alias(capability.personal_data, provides=PersonalData)
    provider.collect(PersonalData, provides=Sequence[PersonalData])
    return provider
