"""The check of the migrations: the real ones pass, and every rule can be broken."""

import sys
from pathlib import Path
from shutil import copytree
from subprocess import run

import pytest

from tools.migrations.check import VERSIONS, find_problems

ROOT = Path(__file__).parent.parent.parent


def migration(
    revision: str, down: str, back: str = "op.drop_table('t')", there: str = "op.create_table('t')"
) -> str:
    return (
        f"revision = {revision}\ndown_revision = {down}\n\n"
        f"def upgrade() -> None:\n    {there}\n\n"
        f"def downgrade() -> None:\n    {back}\n"
    )


FIRST = {"0001_users.py": migration("'0001'", "None")}
SECOND = {"0002_tasks.py": migration("'0002'", "'0001'")}


def problems(root: Path, files: dict[str, str]) -> list[str]:
    folder = root / VERSIONS
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    return [str(problem).removeprefix(f"{VERSIONS}/") for problem in find_problems(root)]


def test_the_migrations_of_the_project_pass() -> None:
    assert list((ROOT / VERSIONS).glob("*.py"))
    assert find_problems(ROOT) == []


def test_a_line_passes(tmp_path: Path) -> None:
    assert problems(tmp_path, {**FIRST, **SECOND}) == []


@pytest.mark.slow
def test_the_program_tells_each_problem_in_a_line_and_fails(tmp_path: Path) -> None:
    problems(tmp_path, {"users.py": migration("'0001'", "None")})
    for name in ("sandbox", "tools"):
        copytree(ROOT / name, tmp_path / name)
    done = run(
        [sys.executable, "-m", "tools.migrations"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"{VERSIONS}/users.py:1: the name is not NNNN_what_it_does.py\n"


@pytest.mark.parametrize("name", ["1_users.py", "0001-users.py", "0001_Users.py", "users.py"])
def test_a_file_is_named_by_its_number_and_what_it_does(tmp_path: Path, name: str) -> None:
    found = problems(tmp_path, {name: migration("'0001'", "None")})
    assert found == [f"{name}:1: the name is not NNNN_what_it_does.py"]


def test_numbers_have_no_gap(tmp_path: Path) -> None:
    found = problems(tmp_path, {**FIRST, "0003_tasks.py": migration("'0002'", "'0001'")})
    assert found == ["0003_tasks.py:1: the number is 0003, but the next in line is 0002"]


def test_a_revision_is_the_number(tmp_path: Path) -> None:
    found = problems(tmp_path, {"0001_users.py": migration("'a1b2'", "None")})
    assert found == [
        "0001_users.py:1: revision is 'a1b2', but the place in the line makes it '0001'"
    ]


def test_there_is_one_head(tmp_path: Path) -> None:
    branch = {"0003_chats.py": migration("'0003'", "'0001'")}
    found = problems(tmp_path, {**FIRST, **SECOND, **branch})
    assert found == [
        "0003_chats.py:2: down_revision is '0001', but the place in the line makes it '0002'"
    ]


def test_there_is_one_beginning(tmp_path: Path) -> None:
    found = problems(tmp_path, {**FIRST, "0002_tasks.py": migration("'0002'", "None")})
    assert found == [
        "0002_tasks.py:2: down_revision is None, but the place in the line makes it '0001'"
    ]


def test_branches_are_not_merged(tmp_path: Path) -> None:
    merge = {"0003_merge.py": migration("'0003'", "('0001', '0002')")}
    [found] = problems(tmp_path, {**FIRST, **SECOND, **merge})
    assert found.startswith("0003_merge.py:2: down_revision is ('0001', '0002'), but")


@pytest.mark.parametrize("back", ["pass", "...", '"""Nothing."""', "raise NotImplementedError"])
def test_every_migration_has_a_way_back(tmp_path: Path, back: str) -> None:
    found = problems(tmp_path, {"0001_users.py": migration("'0001'", "None", back)})
    assert found == ["0001_users.py:7: downgrade() does nothing"]


def test_every_migration_does_something(tmp_path: Path) -> None:
    content = migration("'0001'", "None", there="pass")
    found = problems(tmp_path, {"0001_users.py": content})
    assert found == ["0001_users.py:4: upgrade() does nothing"]


def test_the_way_back_is_there(tmp_path: Path) -> None:
    content = migration("'0001'", "None").partition("def downgrade")[0]
    found = problems(tmp_path, {"0001_users.py": content})
    assert found == ["0001_users.py:1: there is no downgrade()"]


def test_the_place_in_the_line_is_told(tmp_path: Path) -> None:
    content = migration("'0001'", "None").partition("\n")[2]
    found = problems(tmp_path, {"0001_users.py": content})
    assert found == [
        "0001_users.py:1: revision is missing, but the place in the line makes it '0001'"
    ]
