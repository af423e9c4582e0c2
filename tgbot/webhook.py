"""The webhook: for any number of processes behind one address."""

import hashlib
import hmac
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from okno.kit.errors import StartupError
from okno.settings import TelegramSettings

MAX_CONNECTIONS = 100


def webhook_path(url: str) -> str:
    return urlsplit(url).path or "/"


def webhook_secret(settings: TelegramSettings) -> str:
    """Return the configured secret, or one derived from the token.

    Derived, it is the same in every process without another setting, and can't be turned back.
    """
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    token = settings.bot_token.get_secret_value()
    return hmac.new(token.encode(), b"okno webhook", hashlib.sha256).hexdigest()


async def set_webhook(bot: Bot, settings: TelegramSettings, allowed_updates: list[str]) -> None:
    """Tell Telegram where the updates go; raises `StartupError` with what Telegram dislikes."""
    try:
        await bot.set_webhook(
            settings.webhook_url or "",
            secret_token=webhook_secret(settings),
            max_connections=MAX_CONNECTIONS,
            allowed_updates=allowed_updates,
        )
    except (TelegramAPIError, ClientDecodeError) as error:
        raise StartupError(f"Telegram refuses TELEGRAM_WEBHOOK_URL: {error}") from error
