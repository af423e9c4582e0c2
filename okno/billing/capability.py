"""Billing, declared for the assembly."""

from okno.billing import models
from okno.billing.config import BillingSettings
from okno.billing.jobs import JOBS
from okno.billing.personal_data import BillingData
from okno.billing.provider import BillingProvider
from okno.billing.scopes import BILLING as BILLING_SCOPE
from okno.kit.capability import Capability

BILLING = Capability(
    name="billing",
    provider=BillingProvider,
    sections=(BillingSettings,),
    models=models,
    personal_data=BillingData,
    jobs=JOBS,
    scopes=(BILLING_SCOPE,),
)
