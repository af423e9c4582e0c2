"""Makes the client of the Bot API and checks its token."""

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError

from okno.accounts.service import AccountsService
from okno.kit.errors import StartupError
from okno.kit.timeouts import TELEGRAM_CALL_SECONDS
from tgbot.client.count import CountMiddleware
from tgbot.client.pace import PaceMiddleware
from tgbot.client.reachability import ReachabilityMiddleware
from tgbot.client.reply_types import ReplyTypesMiddleware
from tgbot.client.retry import RetryMiddleware
from tgbot.client.unreadable_replies import UnreadableReplyMiddleware
from tgbot.config import TelegramSettings


def create_bot(
    settings: TelegramSettings,
    accounts: AccountsService,
    session: BaseSession | None = None,
    pace: PaceMiddleware | None = None,
) -> Bot:
    """Make the client; raises `StartupError` when the token has no valid form.

    Tests give a `session` with another transport than HTTP, and a `pace` that does not wait.
    """
    session = session or AiohttpSession(
        api=TelegramAPIServer.from_base(settings.api_base), timeout=TELEGRAM_CALL_SECONDS
    )
    session.middleware(ReachabilityMiddleware(accounts))
    session.middleware(RetryMiddleware())
    session.middleware(pace or PaceMiddleware())
    session.middleware(CountMiddleware())
    session.middleware(ReplyTypesMiddleware())
    session.middleware(UnreadableReplyMiddleware())
    try:
        return Bot(
            settings.bot_token.get_secret_value(),
            session=session,
            default=DefaultBotProperties(parse_mode=ParseMode.HTML),
        )
    except TokenValidationError:
        raise StartupError("TELEGRAM_BOT_TOKEN is not a token: @BotFather gives one.") from None


async def check_token(bot: Bot) -> None:
    """Raise `StartupError` unless Telegram knows the token."""
    try:
        await bot.me()
    except TelegramUnauthorizedError:
        raise StartupError("Telegram does not accept TELEGRAM_BOT_TOKEN.") from None
    except ClientDecodeError:
        raise StartupError("what answers at TELEGRAM_API_BASE is no Bot API.") from None
    except TelegramAPIError as error:
        raise StartupError(f"Telegram does not answer: {error}. See TELEGRAM_API_BASE.") from error
