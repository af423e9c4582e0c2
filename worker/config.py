"""Settings of the worker."""

from pydantic_settings import SettingsConfigDict

from okno.kit.settings import Port, Section
from tgbot.config import TelegramSettings


class WorkerSettings(Section):
    """The address of /health and /metrics; port 0: none."""

    model_config = SettingsConfigDict(env_prefix="WORKER_")

    host: str = "127.0.0.1"
    port: Port = 8082


SECTIONS: tuple[type[Section], ...] = (TelegramSettings, WorkerSettings)
