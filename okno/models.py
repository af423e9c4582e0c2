"""All tables of all capabilities, for alembic and the test that compares them with the schema."""

from okno.accounts.models import User
from okno.kit.db import Base

__all__ = ["Base", "User"]
