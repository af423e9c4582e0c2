"""The rules of the layout that no linter checks."""

import ast
import pkgutil
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from aiogram.fsm.state import StatesGroup

from dialogs.registry import all_dialogs
from okno.capabilities import CAPABILITIES
from okno.kit.settings import Section, Settings

ROOT = Path(__file__).parent.parent.parent
MAX_LINES = 300
PROGRAMS = ("api", "okno", "tgbot", "worker")
WORDS = (
    *("user", "actor", "identity", "conversation", "context window", "draft"),
    *("balance", "ledger entry", "hold", "chat", "notification", "delivery", "task"),
    *("service", "store", "job", "dialog", "window"),
)


def packages() -> list[str]:
    settings = tomllib.loads(read("pyproject.toml"))
    names: list[str] = settings["tool"]["importlinter"]["root_packages"]
    return names


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def modules(*folders: str) -> list[str]:
    return [
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def sections(base: type[Section] = Section) -> Iterator[type[Section]]:
    for section in base.__subclasses__():
        yield section
        yield from sections(section)


def groups_of(states: ModuleType) -> list[type[StatesGroup]]:
    return [
        value
        for value in vars(states).values()
        if isinstance(value, type)
        and issubclass(value, StatesGroup)
        and value.__module__ == states.__name__
    ]


def test_every_dialog_is_registered_with_one_window_for_each_state() -> None:
    """`dialogs/registry.py` misses a dialog, or a dialog misses a window, when this fails."""
    packages = {path.parent.name for path in (ROOT / "dialogs").glob("*/dialog.py")}
    with_states = {path.parent.name for path in (ROOT / "dialogs").glob("*/states.py")}
    assert packages == with_states
    declared = [
        state
        for package in packages
        for group in groups_of(import_module(f"dialogs.{package}.states"))
        for state in group.__states__
    ]
    shown = Counter(state for dialog in all_dialogs() for state in dialog.windows)
    assert shown == Counter(declared)


def test_modules_are_short() -> None:
    long = {
        module: lines
        for module in modules(*packages(), "migrations")
        if (lines := len(read(module).splitlines())) > MAX_LINES
    }
    assert long == {}


def test_modules_say_why_they_exist() -> None:
    found = modules(*packages(), "migrations", "tests")
    assert "okno/kit/uow.py" in found
    assert [module for module in found if not ast.get_docstring(ast.parse(read(module)))] == []


def test_the_example_lists_every_setting_once_and_no_other() -> None:
    for package in PROGRAMS:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    used = {
        f"{section.model_config.get('env_prefix', '')}{field}".upper()
        for section in sections()
        if section.__module__.partition(".")[0] in PROGRAMS
        for field in section.model_fields
    }
    listed = re.findall(r"^(\w+)=", read(".env.example"), flags=re.MULTILINE)
    assert sorted(listed) == sorted(used)


def test_every_capability_is_in_the_list() -> None:
    declared = {path.parent.name for path in (ROOT / "okno").glob("*/capability.py")} - {"kit"}
    assert declared == {capability.name for capability in CAPABILITIES}


def test_every_section_is_read_by_a_program(settings: Settings) -> None:
    read_by_one = {type(section) for section in settings}
    declared = {one for one in sections() if one.__module__.partition(".")[0] in PROGRAMS}
    assert declared == read_by_one


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_explains_the_word(word: str) -> None:
    assert f"\n| **{word}** |" in read("docs/glossary.md")
