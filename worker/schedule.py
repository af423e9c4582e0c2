"""Which jobs there are, and when each is due."""

from worker.job import Job
from worker.jobs.accounts import forget_sign_ins
from worker.jobs.assistant import end_interrupted, forget_conversations, forget_repeats
from worker.jobs.billing import expire_holds, reconcile_stars

JOBS = (
    Job("expire-holds", "* * * * *", expire_holds),
    Job("end-interrupted", "* * * * *", end_interrupted),
    Job("reconcile-stars", "*/10 * * * *", reconcile_stars),
    Job("forget-repeats", "20 * * * *", forget_repeats),
    Job("forget-conversations", "30 3 * * *", forget_conversations),
    Job("forget-sign-ins", "50 3 * * *", forget_sign_ins),
)
