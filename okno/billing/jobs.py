"""The jobs of billing: they end holds of dead processes and find payments that got lost."""

from dishka import AsyncContainer

from okno.billing.service import BillingService, PaymentsService
from okno.kit.actor import SYSTEM
from okno.kit.jobs import Done, Job


async def expire_holds(container: AsyncContainer) -> Done:
    """End the holds of processes that have died."""
    billing = await container.get(BillingService)
    return {"expired": await billing.expire_holds(SYSTEM)}


async def reconcile_stars(container: AsyncContainer) -> Done:
    """Credit the payments, and note the refunds, that only Telegram's list has."""
    payments = await container.get(PaymentsService)
    found = await payments.reconcile(SYSTEM)
    return {"credited": found.credited, "refunded": found.refunded}


JOBS = (
    Job("expire-holds", "* * * * *", expire_holds),
    Job("reconcile-stars", "*/10 * * * *", reconcile_stars),
)
