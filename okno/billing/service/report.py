"""What is told of money, once it is safe: a log line with ids and amounts, and the metrics."""

import structlog
from prometheus_client import Counter

from okno.kit.errors import OknoError
from okno.kit.metrics import REGISTRY
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

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


class Report:
    """Tells of a movement when its transaction is committed; of one that was undone, never."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def tell(self, event: str, **fields: str | int | None) -> None:
        async def tell() -> None:
            log.info(event, **fields)

        self._uow.after_commit(tell)

    def warn(self, event: str, **fields: str | int | None) -> None:
        async def warn() -> None:
            log.warning(event, **fields)

        self._uow.after_commit(warn)

    def count(self, counter: Counter, amount: int = 1) -> None:
        async def count() -> None:
            counter.inc(amount)

        self._uow.after_commit(count)

    def refused(self, user_id: int, error: OknoError) -> None:
        """Tell at once that a hold was refused: its transaction may not be committed."""
        HOLDS.labels("refused").inc()
        log.info("hold refused", user_id=user_id, code=error.code, **error.values)
