"""The account of Stars at Telegram. It imports no windows, so that the worker can use it, too."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.methods import GetStarTransactions
from aiogram.types import StarTransaction as TelegramTransaction
from aiogram.types import TransactionPartnerUser
from pydantic import ValidationError

from okno.accounts.service import AccountsService
from okno.billing.dto import StarPayment, StarTransaction, TransactionKind
from okno.billing.errors import RefundRefused, StarsUnavailable
from okno.billing.port import Stars
from tgbot.client.bot import create_bot
from tgbot.config import TelegramSettings

log = structlog.get_logger(__name__)

_ALREADY = "CHARGE_ALREADY_REFUNDED"
_INVOICE = "invoice_payment"

RawTransactions = dict[str, list[dict[str, Any]]]


class GetRawStarTransactions(GetStarTransactions):
    """`getStarTransactions` with a raw reply: an unreadable transaction must not hide others."""

    __returning__ = RawTransactions  # type: ignore[assignment] # raw on purpose


class TelegramStars:
    """Implements the port `Stars`. Raises `StarsUnavailable` while Telegram does not answer."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def refund(self, telegram_id: int, charge_id: str) -> None:
        try:
            with _outages():
                await self._bot.refund_star_payment(telegram_id, charge_id)
        except TelegramBadRequest as error:
            if _ALREADY not in error.message:
                raise RefundRefused(reason=error.message) from error

    async def transactions(self, offset: int, limit: int) -> tuple[StarTransaction, ...]:
        with _outages():
            method = GetRawStarTransactions(offset=offset, limit=limit)
            # mypy knows the type of the original method, not that of `__returning__`.
            answer = cast(RawTransactions, await self._bot(method))
        return tuple(map(_read, answer["transactions"]))


@asynccontextmanager
async def open_stars(settings: TelegramSettings, accounts: AccountsService) -> AsyncIterator[Stars]:
    """Make a client for a process that has no bot. Raises `StartupError`."""
    bot = create_bot(settings, accounts)
    try:
        yield TelegramStars(bot)
    finally:
        await bot.session.close()


@contextmanager
def _outages() -> Iterator[None]:
    try:
        yield
    except TelegramBadRequest:
        raise
    except (TelegramAPIError, ClientDecodeError) as error:
        raise StarsUnavailable from error


def _read(raw: dict[str, Any]) -> StarTransaction:
    try:
        return _transaction(TelegramTransaction.model_validate(raw))
    except ValidationError:
        transaction_id = str(raw.get("id"))
        log.warning("transaction not readable", transaction=transaction_id)
        return StarTransaction(transaction_id, TransactionKind.OTHER)


def _transaction(transaction: TelegramTransaction) -> StarTransaction:
    """Read payments for invoices and their refunds; anything else is of the kind `OTHER`."""
    for kind, partner in (
        (TransactionKind.PAYMENT, transaction.source),
        (TransactionKind.REFUND, transaction.receiver),
    ):
        if isinstance(partner, TransactionPartnerUser) and partner.transaction_type == _INVOICE:
            payment = StarPayment(
                charge_id=transaction.id,
                telegram_id=partner.user.id,
                payload=partner.invoice_payload or "",
                stars=transaction.amount,
                at=transaction.date,
            )
            return StarTransaction(transaction.id, kind, payment)
    return StarTransaction(transaction.id, TransactionKind.OTHER)
