"""The timeouts that must agree with each other, in seconds; a unit test holds their inequalities.

A timeout that depends on no other one stands in the module that uses it.
"""

# PostgreSQL: to connect, to run one statement, to wait while all connections are busy.
POSTGRES_CONNECT_SECONDS = 5.0
POSTGRES_STATEMENT_SECONDS = 15.0
POSTGRES_POOL_SECONDS = 20.0

# Generations. A lease is renewed three times before it runs out: one failure does no harm.
GENERATION_LEASE_SECONDS = 30.0
"""A generation outlives its process for this time."""
GENERATION_RENEWAL_SECONDS = GENERATION_LEASE_SECONDS / 3
FINISH_SECONDS = 60.0
"""The finish of an answer is tried for this time; then it is given up, and others abandon it."""
FINISH_WAIT_SECONDS = FINISH_SECONDS + 10.0
"""The reader of an answer waits for its finish for this time, once the model has ended."""
HOLD_RESERVE_SECONDS = 120.0
"""A hold lives longer than queue and model by this time, so that it outlives the finish."""

# One user's updates and windows in Telegram, which wait for each other by a lock.
TELEGRAM_CALL_SECONDS = 15.0
"""One attempt of one call of the Bot API."""
USER_LOCK_LEASE_SECONDS = 9.0
"""The lock of a user outlives a killed process for this time."""
USER_LOCK_WAIT_SECONDS = 30.0
"""An update waits for the lock for this time; then the user is told to try again."""
USER_LOCK_HOLD_SECONDS = 120.0
"""After this time a lock is not renewed any more: no handler takes so long."""
ANSWER_WINDOW_SECONDS = 60.0
"""For the user's lock and for the window below an answer."""
ANSWER_QUEUE_SECONDS = 90.0
"""An answer that is ready waits for the delivery of the one before it for this time."""
INTERRUPTION_SECONDS = 120.0
"""For telling one user that an answer was interrupted."""

# Confirmations: a process of the bot claims what it shows, so that no other one does.
CONFIRMATION_WINDOW_SECONDS = 20.0
"""For the user's lock and for one window."""
CONFIRMATIONS_SHOW_SECONDS = 25.0
"""For all windows of one look."""
CONFIRMATION_CLAIM_SECONDS = 30.0
"""After this time another process may show what was claimed and not shown."""

# The end of a process.
NURSERY_GRACE_SECONDS = 20.0
"""Background tasks may go on for this time before they are cancelled."""
HEALTH_SERVER_GRACE_SECONDS = 20.0
"""The server of health, metrics and webhook has this time to finish its requests."""
POSTGRES_DISPOSE_SECONDS = 5.0
STREAM_FAREWELL_SECONDS = 5.0
"""The streams of the API have this time to say that they end, after the grace for requests."""
API_EXIT_SECONDS = 40.0
"""A process of the API has this time to end, after the grace for requests."""
JOB_SECONDS = 45.0
"""One run of a job: the next run goes on where it ended."""
WORKER_GRACE_SECONDS = JOB_SECONDS + 5.0
"""The worker waits for its running jobs for this time."""
