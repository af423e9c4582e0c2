"""`make migration` drafts the next migration in line from what the models have more."""

import sys
from pathlib import Path
from shutil import copy, copytree
from subprocess import run

import pytest

from tools.migrations.check import VERSIONS, find_problems

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent


def test_a_new_column_is_drafted_with_its_way_back(tmp_path: Path) -> None:
    for name in ("migrations", "okno", "sandbox", "tools"):
        copytree(ROOT / name, tmp_path / name)
    copy(ROOT / "alembic.ini", tmp_path)
    models = tmp_path / "okno/accounts/models.py"
    last = "    unreachable_since:"
    text = models.read_text().replace(last, f"    shoe_size: Mapped[int | None]\n{last}")
    models.write_text(text)
    number = len(list((tmp_path / VERSIONS).glob("*.py"))) + 1

    draft = [sys.executable, "-m", "tools.migrations", "draft", "Shoe size"]
    run(draft, cwd=tmp_path, check=True, capture_output=True)

    drafted = (tmp_path / VERSIONS / f"{number:04}_shoe_size.py").read_text()
    assert "op.add_column('users', sa.Column('shoe_size'" in drafted
    assert "op.drop_column('users', 'shoe_size')" in drafted
    assert find_problems(tmp_path) == []
