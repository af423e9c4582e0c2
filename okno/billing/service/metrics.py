"""Metrics of billing. They are counted after the commit, by `UnitOfWork.after_commit`."""

from prometheus_client import Counter

from okno.kit.metrics import REGISTRY

HOLDS = Counter(
    "okno_holds_total",
    "Holds by what became of them: taken, refused, settled, released, expired.",
    ["outcome"],
    registry=REGISTRY,
)
UNITS_CHARGED = Counter(
    "okno_units_charged_total", "Billing units that answers have cost.", registry=REGISTRY
)
STARS = Counter(
    "okno_stars_total",
    "Telegram Stars: taken, refunded.",
    ["direction"],
    registry=REGISTRY,
)
