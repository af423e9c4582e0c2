"""The environment for programs that the sandbox starts."""

import os

OKNO_PREFIXES = (
    *("TELEGRAM_", "ADMIN_", "SERVER_", "WORKER_", "API_", "JWT_", "LOG_", "OKNO_"),
    *("POSTGRES_", "REDIS_", "PGQUEUER_"),
    *("LLM_", "YANDEXGPT_", "OPENAI_", "BILLING_", "ASSISTANT_", "SUPPORT_"),
)
"""Prefixes of Okno's settings: those of a real installation must not reach demo, tests, bench."""


def clean_environment() -> dict[str, str]:
    """Return our environment without any settings of Okno, and without its settings file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OKNO_PREFIXES)}
    return {**kept, "OKNO_ENV_FILE": os.devnull}
