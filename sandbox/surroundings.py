"""What a program of Okno may see of the machine that it is started on here."""

import os

FOREIGN = (
    *("TELEGRAM_", "ADMIN_", "SERVER_", "WORKER_", "API_", "JWT_", "LOG_", "OKNO_"),
    *("POSTGRES_", "REDIS_", "PGQUEUER_"),
    *("LLM_", "YANDEXGPT_", "OPENAI_", "BILLING_", "ASSISTANT_", "SUPPORT_"),
)
"""How settings of a real installation begin: none of them may reach the demo, a test, the bench."""


def surroundings() -> dict[str, str]:
    """Return the environment without settings of a real installation, of variables or of a file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, "OKNO_ENV_FILE": os.devnull}
