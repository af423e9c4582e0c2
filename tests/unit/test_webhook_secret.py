"""The secret between Telegram and the webhook."""

import re

from pydantic import SecretStr

from tgbot.config import TelegramSettings
from tgbot.webhook import webhook_path, webhook_secret


def telegram(token: str, secret: str | None = None) -> TelegramSettings:
    return TelegramSettings(
        bot_token=SecretStr(token), webhook_secret=SecretStr(secret) if secret else None
    )


def test_it_is_the_configured_one() -> None:
    assert webhook_secret(telegram("1:token", "mine")) == "mine"


def test_else_it_is_the_same_in_every_process_and_fits_telegram() -> None:
    secret = webhook_secret(telegram("1:token"))

    assert secret == webhook_secret(telegram("1:token"))
    assert secret != webhook_secret(telegram("2:token"))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret)
    assert "token" not in secret


def test_the_path_is_that_of_the_address() -> None:
    assert webhook_path("https://bot.example.org/hooks/okno?x=1") == "/hooks/okno"
    assert webhook_path("https://bot.example.org") == "/"
