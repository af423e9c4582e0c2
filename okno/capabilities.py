"""The list of all capabilities: what programs are assembled from."""

from okno.accounts.capability import ACCOUNTS
from okno.assistant.capability import ASSISTANT
from okno.billing.capability import BILLING
from okno.llm.capability import LLM

CAPABILITIES = (ACCOUNTS, ASSISTANT, BILLING, LLM)
"""In the order in which a transaction locks their rows."""

JOBS = tuple(job for capability in CAPABILITIES for job in capability.jobs)
SCOPES = tuple(scope for capability in CAPABILITIES for scope in capability.scopes)
