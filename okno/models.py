"""All tables of all capabilities, for alembic and the test that compares them with the schema."""

from okno.capabilities import CAPABILITIES
from okno.kit.db import Base

__all__ = ["CAPABILITIES", "Base"]
