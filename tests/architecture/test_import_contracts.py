"""Every contract of import-linter is broken once, so that we know that it can be."""

import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns
from subprocess import run

import pytest

ROOT = Path(__file__).parent.parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINTER = SETTINGS["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in LINTER["contracts"]}

NO_CAPABILITIES = {"okno.ioc", "okno.kit"}
PUBLIC = {"config", "dto", "errors", "port", "service"}
"""What a capability shows to the others; all else of it is private."""

STRAY_IMPORTS = [
    ("Surfaces show capabilities, which know no surface", "okno.kit.clock", "dialogs.states"),
    ("Surfaces show capabilities, which know no surface", "dialogs.home", "tgbot.replies"),
    ("Surfaces show capabilities, which know no surface", "api.app", "tgbot.replies"),
    ("Surfaces show capabilities, which know no surface", "worker.schedule", "tgbot.replies"),
    ("Surfaces show capabilities, which know no surface", "tools.lock", "api.openapi"),
    ("Surfaces show capabilities, which know no surface", "tools.openapi", "api.routes.chat"),
    ("The windows are shown by the bot alone", "api.app", "dialogs.states"),
    ("The windows are shown by the bot alone", "worker.schedule", "dialogs.states"),
    ("The windows are shown by the bot alone", "tgbot.delivery", "dialogs.states"),
    ("Capabilities stand in layers", "okno.kit.clock", "okno.accounts.dto"),
    ("Capabilities stand in layers", "okno.accounts.dto", "okno.settings"),
    ("The files of a capability are its layers", "okno.accounts.dto", "okno.accounts.service"),
    (
        "The files of a capability are its layers",
        "okno.accounts.store.users",
        "okno.accounts.cache",
    ),
    (
        "Accounts keep their tables, queries, cache and secrets to themselves",
        "tgbot.replies",
        "okno.accounts.store",
    ),
    (
        "Accounts keep their tables, queries, cache and secrets to themselves",
        "okno.settings",
        "okno.accounts.models",
    ),
    (
        "Billing keeps its tables, queries and catalogue to itself",
        "okno.assistant.dto",
        "okno.billing.store.balances",
    ),
    (
        "Billing keeps its tables, queries and catalogue to itself",
        "worker.schedule",
        "okno.billing.models",
    ),
    (
        "The models keep their providers and the queue to themselves",
        "okno.assistant.dto",
        "okno.llm.queue",
    ),
    (
        "The models keep their providers and the queue to themselves",
        "tgbot.replies",
        "okno.llm.providers",
    ),
    (
        "The assistant keeps its tables, queries and context to itself",
        "tgbot.replies",
        "okno.assistant.context",
    ),
    (
        "The assistant keeps its tables, queries and context to itself",
        "worker.schedule",
        "okno.assistant.models",
    ),
    ("SQL is written in stores, models and the kit", "okno.accounts.dto", "sqlalchemy"),
    (
        "Passwords and signed tokens are the business of the accounts",
        "api.auth",
        "joserfc.jwt",
    ),
    (
        "Passwords and signed tokens are the business of the accounts",
        "okno.kit.secrets",
        "cryptography",
    ),
    ("Redis is known to the kit and the bot", "okno.accounts.dto", "redis.asyncio"),
    ("Redis is known to the kit and the bot", "api.limits", "redis.asyncio"),
    ("Windows call services: no SQL, no Redis, no HTTP", "dialogs.home", "aiohttp"),
    ("Windows call services: no SQL, no Redis, no HTTP", "dialogs.home", "okno.kit.redis"),
    (
        "Telegram is known to the windows, the bot and the sandbox",
        "okno.accounts.dto",
        "aiogram.types",
    ),
    (
        "Telegram is known to the windows, the bot and the sandbox",
        "okno.accounts.dto",
        "aiogram_dialog",
    ),
    ("The job engine is known to the worker", "okno.kit.schema", "pgqueuer"),
    ("FastAPI serves the API and the sandbox", "tgbot.webhook", "starlette.requests"),
    ("FastAPI serves the API and the sandbox", "okno.kit.server", "fastapi"),
    ("The sandbox is a black box", "sandbox.ports", "okno.kit.clock"),
    ("Nothing leans on the sandbox", "tgbot.replies", "sandbox.ports"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy all packages."""
    root = tmp_path_factory.mktemp("copy")
    for package in LINTER["root_packages"]:
        copytree(ROOT / package, root / package, ignore=ignore_patterns("__pycache__"))
    copy2(ROOT / "pyproject.toml", root)
    return root


def broken_contracts(root: Path) -> set[str]:
    """Run import-linter; it ends with 1 when, and only when, it names a broken contract."""
    done = run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        env={"COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout
    broken = set(re.findall(r"^(.+) BROKEN\b", done.stdout, flags=re.MULTILINE))
    assert done.returncode == bool(broken), done.stdout
    return broken


@contextmanager
def importing(root: Path, importer: str, imported: str) -> Iterator[None]:
    """Add the import to the module while the block runs."""
    module = root.joinpath(*importer.split(".")).with_suffix(".py")
    before = module.read_text(encoding="utf-8")
    module.write_text(f"{before}\nimport {imported}\n", encoding="utf-8")
    yield
    module.write_text(before, encoding="utf-8")


def test_the_project_keeps_all_contracts() -> None:
    assert broken_contracts(ROOT) == set()


def test_the_copy_keeps_all_contracts(copy: Path) -> None:
    assert broken_contracts(copy) == set()


def test_the_worker_may_use_the_delivery_of_the_bot(copy: Path) -> None:
    with importing(copy, "worker.schedule", "tgbot.delivery"):
        assert broken_contracts(copy) == set()


@pytest.mark.parametrize(("contract", "importer", "imported"), STRAY_IMPORTS)
def test_a_stray_import_breaks_its_contract_and_no_other(
    copy: Path, contract: str, importer: str, imported: str
) -> None:
    with importing(copy, importer, imported):
        assert broken_contracts(copy) == {contract}


def test_every_contract_is_broken_once() -> None:
    assert {contract for contract, _, _ in STRAY_IMPORTS} == CONTRACTS.keys()


def test_every_package_is_under_contract() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(LINTER["root_packages"])


def test_every_capability_has_its_layers_and_its_private_parts() -> None:
    capabilities = {
        f"okno.{path.parent.name}" for path in ROOT.glob("okno/*/__init__.py")
    } - NO_CAPABILITIES
    parts = {
        f"okno.{path.parent.name}.{path.stem}"
        for path in ROOT.glob("okno/*/[a-z]*")
        if f"okno.{path.parent.name}" in capabilities and path.stem not in PUBLIC
    }
    layered = CONTRACTS["The files of a capability are its layers"]["containers"]
    private = [
        module
        for contract in CONTRACTS.values()
        for module in contract.get("protected_modules", [])
        if module.startswith("okno.")
    ]
    assert capabilities == set(layered)
    assert parts == set(private)
