"""The use cases of billing."""

from okno.billing.service.billing import BillingService
from okno.billing.service.payments import PaymentsService

__all__ = ["BillingService", "PaymentsService"]
