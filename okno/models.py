"""All tables of all capabilities, for alembic and the test that compares them with the schema."""

from okno.accounts import models as accounts
from okno.assistant import models as assistant
from okno.billing import models as billing
from okno.kit.db import Base

__all__ = ["Base", "accounts", "assistant", "billing"]
