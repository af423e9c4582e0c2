"""Every contract of import-linter is broken once, so that we know that it can be."""

import re
import sys
import tomllib
from copy import deepcopy
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns
from subprocess import run

import pytest
from grimp import ImportGraph, build_graph
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

ROOT = Path(__file__).parent.parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINTER = SETTINGS["tool"]["importlinter"]
ROOT_PACKAGES: list[str] = LINTER["root_packages"]
KINDS: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}
CONTRACTS = {contract["name"]: contract for contract in LINTER["contracts"]}

NO_CAPABILITIES = {"okno.kit"}
PUBLIC = {"config", "dto", "errors", "port", "scopes", "service"}
"""The public modules of a capability; all others are private."""

PRIVACY = {
    name: modules
    for name, contract in CONTRACTS.items()
    if (modules := contract.get("protected_modules"))
    and contract["allowed_importers"] == [modules[0].rpartition(".")[0]]
}
"""The private modules of each capability, by the name of its contract."""

STRAY_IMPORTS = [
    ("Surfaces show capabilities, which know no surface", "okno.kit.clock", "dialogs.menu.states"),
    *(
        (name, importer, modules[0])
        for name, modules in PRIVACY.items()
        for importer in ("tgbot.replies", "worker.scheduler")
    ),
    ("Surfaces show capabilities, which know no surface", "dialogs.home", "tgbot.replies"),
    ("Surfaces show capabilities, which know no surface", "api.app", "tgbot.replies"),
    ("Surfaces show capabilities, which know no surface", "worker.scheduler", "tgbot.replies"),
    ("Surfaces show capabilities, which know no surface", "tools.lock", "api.openapi"),
    ("Surfaces show capabilities, which know no surface", "tools.openapi", "api.routes.chat"),
    ("The windows are shown by the bot alone", "api.app", "dialogs.menu.states"),
    ("The windows are shown by the bot alone", "worker.scheduler", "dialogs.menu.states"),
    ("The windows are shown by the bot alone", "tgbot.delivery", "dialogs.menu.states"),
    ("Capabilities stand in layers", "okno.kit.clock", "okno.accounts.dto"),
    ("Capabilities stand in layers", "okno.accounts.dto", "okno.billing.errors"),
    ("The files of a capability are its layers", "okno.accounts.dto", "okno.accounts.service"),
    (
        "The files of a capability are its layers",
        "okno.accounts.store.users",
        "okno.accounts.cache",
    ),
    (
        "The list of capabilities alone knows how they are declared",
        "okno.ioc",
        "okno.accounts.capability",
    ),
    ("Nothing but the start of a program gets all settings", "api.limits", "okno.settings"),
    ("Nothing but the start of a program gets all settings", "dialogs.home", "okno.settings"),
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
def graph() -> ImportGraph:
    """All imports of the project."""
    return build_graph(*ROOT_PACKAGES, include_external_packages=True, cache_dir=None)


def broken_contracts(graph: ImportGraph) -> set[str]:
    """Check all contracts as import-linter does, without a process for it."""
    settings = read_configuration(str(ROOT / "pyproject.toml"))
    return {
        options["name"]
        for options in settings["contracts_options"]
        if not KINDS[options["type"]](options["name"], settings["session_options"], options)
        .check(deepcopy(graph), verbose=False)
        .kept
    }


def with_import(graph: ImportGraph, importer: str, imported: str) -> ImportGraph:
    """Return a copy of the graph in which one module imports one more."""
    changed = deepcopy(graph)
    package = imported.partition(".")[0]
    if package not in ROOT_PACKAGES:  # the graph knows no modules of foreign packages
        imported = package
    assert {importer, imported} <= changed.modules
    assert not changed.direct_import_exists(importer=importer, imported=imported)
    changed.add_import(importer=importer, imported=imported)
    return changed


def lint_imports(root: Path) -> tuple[int, set[str]]:
    """Run the command; return its exit code and the contracts that it calls broken."""
    done = run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        env={"COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout
    return done.returncode, set(re.findall(r"^(.+) BROKEN\b", done.stdout, flags=re.MULTILINE))


def test_the_project_keeps_all_contracts() -> None:
    assert lint_imports(ROOT) == (0, set())


def test_the_command_names_every_contract_that_is_broken(tmp_path: Path) -> None:
    for package in ROOT_PACKAGES:
        copytree(ROOT / package, tmp_path / package, ignore=ignore_patterns("__pycache__"))
    copy2(ROOT / "pyproject.toml", tmp_path)
    for _, importer, imported in STRAY_IMPORTS:
        module = tmp_path.joinpath(*importer.split(".")).with_suffix(".py")
        with module.open("a", encoding="utf-8") as source:
            source.write(f"\nimport {imported}\n")
    assert lint_imports(tmp_path) == (1, set(CONTRACTS))


def test_the_worker_may_use_the_delivery_of_the_bot(graph: ImportGraph) -> None:
    assert broken_contracts(with_import(graph, "worker.scheduler", "tgbot.delivery")) == set()


@pytest.mark.parametrize(("contract", "importer", "imported"), STRAY_IMPORTS)
def test_a_stray_import_breaks_its_contract_and_no_other(
    graph: ImportGraph, contract: str, importer: str, imported: str
) -> None:
    assert broken_contracts(with_import(graph, importer, imported)) == {contract}


def test_every_contract_is_broken_once() -> None:
    assert {contract for contract, _, _ in STRAY_IMPORTS} == CONTRACTS.keys()


def test_every_package_is_under_contract() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(ROOT_PACKAGES)


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
        if re.fullmatch(r"okno\.\w+\.\w+", module)
    ]
    assert capabilities == set(layered)
    assert parts == set(private)
