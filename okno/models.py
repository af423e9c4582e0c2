"""All tables of all capabilities, for alembic and the test that compares them with the schema."""

from okno.capabilities import CAPABILITIES
from okno.kit.db import Base

__all__ = ["MODELS", "Base"]

MODELS = tuple(capability.models for capability in CAPABILITIES if capability.models)
"""The modules of the tables; `Base` knows their tables since they are imported."""
