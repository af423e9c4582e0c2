"""Two calls of the Bot API, without aiogram: the name of the bot, and links to invoices."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

from api.config import BotApiSettings
from api.errors import TelegramUnavailable
from okno.billing.dto import StarTransaction
from okno.billing.errors import StarsUnavailable
from okno.kit.secrets import hide_secrets

log = structlog.get_logger(__name__)

_TIMES: Final = ClientTimeout(total=10.0, sock_connect=5.0)
_CURRENCY: Final = "XTR"


class Telegram:
    """A client of the Bot API; one per process."""

    def __init__(self, settings: BotApiSettings) -> None:
        # The token is part of every address, so errors of aiohttp must never be logged as they are.
        token = settings.bot_token
        self._base = (
            None
            if token is None
            else f"{settings.api_base.rstrip('/')}/bot{token.get_secret_value()}"
        )
        self._session: ClientSession | None = None
        self._name: str | None = None

    async def link(self, start: str) -> str:
        """Return an address that opens the bot with this parameter of `/start`.

        Raises `TelegramUnavailable`.
        """
        if self._name is None:
            self._name = str((await self._call("getMe", {}))["username"])
        return f"https://t.me/{self._name}?start={start}"

    async def invoice_link(self, *, title: str, description: str, payload: str, stars: int) -> str:
        """Return an address that opens an invoice; any user may pay it.

        Raises `TelegramUnavailable`.
        """
        invoice = {
            "title": title,
            "description": description,
            "payload": payload,
            "currency": _CURRENCY,
            "prices": [{"label": title, "amount": stars}],
        }
        return str(await self._call("createInvoiceLink", invoice))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - by method
        if self._base is None:
            log.warning("telegram not asked: TELEGRAM_BOT_TOKEN is not set", method=method)
            raise TelegramUnavailable
        if self._session is None:
            self._session = ClientSession(timeout=_TIMES)
        try:
            async with self._session.post(f"{self._base}/{method}", json=fields) as response:
                answer = await response.json(content_type=None)
                return answer["result"]
        except (ClientError, OSError, ValueError, KeyError, TypeError) as error:
            # A refusal has no `result`; an answer of another server may be no JSON.
            log.warning("telegram not asked", method=method, error=hide_secrets(repr(error)))
            raise TelegramUnavailable from None


class NoStars:
    """The port `Stars` of a program that makes no refunds: the bot and the worker make them."""

    async def refund(self, telegram_id: int, charge_id: str) -> None:  # noqa: ARG002 - the port's
        raise StarsUnavailable

    async def transactions(self, offset: int, limit: int) -> Sequence[StarTransaction]:  # noqa: ARG002 - the port's
        raise StarsUnavailable
