"""Takes updates by webhook: for any number of processes behind one address."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlsplit

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiohttp import web

from okno.kit.errors import StartupError
from tgbot.config import TelegramSettings
from tgbot.update_queues import UpdateQueues
from tgbot.updates import read_update

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 100
BODY_SECONDS = 10.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def webhook_path(url: str) -> str:
    return urlsplit(url).path or "/"


def webhook_secret(settings: TelegramSettings) -> str:
    """Return the configured secret, or one derived from the token.

    The derived secret is the same in every process, and nobody can get the token out of it.
    """
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    token = settings.bot_token.get_secret_value()
    return hmac.new(token.encode(), b"okno webhook", hashlib.sha256).hexdigest()


async def set_webhook(bot: Bot, settings: TelegramSettings, allowed_updates: list[str]) -> None:
    """Tell Telegram the address. Raises `StartupError` with the reason when Telegram refuses it."""
    try:
        await bot.set_webhook(
            settings.webhook_url or "",
            secret_token=webhook_secret(settings),
            max_connections=MAX_CONNECTIONS,
            allowed_updates=allowed_updates,
        )
    except (TelegramAPIError, ClientDecodeError) as error:
        raise StartupError(f"Telegram refuses TELEGRAM_WEBHOOK_URL: {error}") from error


def add_webhook(
    app: web.Application, path: str, secret: str, bot: Bot, queues: UpdateQueues
) -> None:
    """Take updates at `path`, and answer when the update was handled.

    So Telegram delivers an update again whose process was killed: see `middlewares.deduplicate`.
    """

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                raw = json.loads(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except ValueError:
            raw = None
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            log.warning("body of the webhook is no update")
            return web.Response(status=400)
        # An unreadable update is taken as well: otherwise Telegram would deliver it again.
        if (update := read_update(raw, bot)) is not None:
            await (await queues.submit(update))
        return web.json_response({})

    app.router.add_post(path, take)
