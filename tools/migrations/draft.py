"""Drafts a migration from the difference between the models and the last migration."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config

from sandbox.servers import run_servers
from tools.migrations.check import VERSIONS


def draft(root: Path, message: str) -> None:
    """Compare the models with a new, temporary database that has all migrations so far."""
    number = len(list((root / VERSIONS).glob("*.py"))) + 1
    config = Config(root / "alembic.ini")
    with TemporaryDirectory() as folder, run_servers(Path(folder), durable=False) as environment:
        os.environ.update(environment)
        command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
