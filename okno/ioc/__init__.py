"""The wiring: how the services are built, and how long each part lives.

App scope: one per process. Request scope: one per update, request or job, for what surfaces add.
"""

from dishka import AsyncContainer, Provider, make_async_container

from okno.ioc.accounts import AccountsProvider
from okno.ioc.assistant import AssistantProvider
from okno.ioc.billing import BillingProvider
from okno.ioc.kit import KitProvider
from okno.ioc.llm import LlmProvider
from okno.settings import Settings


def create_container(settings: Settings, *surface: Provider) -> AsyncContainer:
    """Build the container of one process; a surface may add providers of its own."""
    return make_async_container(
        KitProvider(),
        AccountsProvider(),
        BillingProvider(),
        LlmProvider(),
        AssistantProvider(),
        *surface,
        context={Settings: settings},
    )
