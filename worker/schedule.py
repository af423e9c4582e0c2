"""Which jobs there are, and when each is due."""

from worker.job import Job
from worker.jobs.assistant import forget_conversations
from worker.jobs.billing import expire_holds, reconcile_stars

JOBS = (
    Job("expire-holds", "* * * * *", expire_holds),
    Job("reconcile-stars", "*/10 * * * *", reconcile_stars),
    Job("forget-conversations", "30 3 * * *", forget_conversations),
)
