"""The job of accounts: it deletes sessions and confirmations that are over."""

from dishka import AsyncContainer

from okno.accounts.service import ConfirmationsService, SessionsService
from okno.kit.actor import SYSTEM
from okno.kit.jobs import Done, Job


async def forget_sign_ins(container: AsyncContainer) -> Done:
    """Delete sessions that have ended, and confirmations that expired a day ago."""
    sessions = await container.get(SessionsService)
    confirmations = await container.get(ConfirmationsService)
    return {
        "sessions": await sessions.delete_over(SYSTEM),
        "confirmations": await confirmations.delete_over(SYSTEM),
    }


JOBS = (Job("forget-sign-ins", "50 3 * * *", forget_sign_ins),)
