"""The list of all capabilities: what programs are assembled from."""

from okno.accounts.capability import ACCOUNTS
from okno.assistant.capability import ASSISTANT
from okno.billing.capability import BILLING
from okno.llm.capability import LLM

CAPABILITIES = (ACCOUNTS, ASSISTANT, BILLING, LLM)
"""In the order in which joining, export and deletion of accounts ask them."""

LOCK_ORDER = (
    *("services", "service_keys", "jwt_keys", "audit_log"),
    *("users", "confirmations", "api_keys", "sessions", "refresh_tokens"),
    *("preferences", "generations"),
    *("reconciliation_progress", "payments", "balances", "budgets", "holds"),
    *("conversations", "messages", "asked_once"),
)
"""Tables in the order in which a transaction locks their rows; a test records that all do."""

JOBS = tuple(job for capability in CAPABILITIES for job in capability.jobs)
SCOPES = tuple(scope for capability in CAPABILITIES for scope in capability.scopes)
