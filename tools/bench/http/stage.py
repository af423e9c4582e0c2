"""Starts the programs that are measured over HTTP: the model, the proxy, the API, the servers.

Each is a process of its own.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.ports import HOST, free_port
from sandbox.programs import API, Program, migrate, settings_of, start_servers, telegram_at
from tools.bench.http.options import MODEL_VARIABLE
from tools.bench.http.processes import family
from tools.bench.stage import running

MODELS_FILE: Final = Path(__file__).with_name("models.toml")
_MODEL: Final = Program("tools.bench.http.model", "model started")
_PROXY: Final = Program("uvicorn", "Application startup complete")
_PROXY_OPTIONS: Final = ("--loop=uvloop", "--http=httptools", "--no-access-log")
_UNLIMITED: Final = "1000000/minute"
"""The limit for one address, since all people share it. The limit of each user is not changed."""
_SERVERS: Final = {"postgres": "PostgreSQL", "valkey-server": "Valkey"}
"""Names of processes, and their names in the report."""


@dataclass(frozen=True, slots=True)
class Running:
    """A program that listens on `port`; `pid`: of the leash, its parent process."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Return the CPU seconds used so far."""
        return sum(process.cpu for process in family(self.pid))

    def resident(self) -> float:
        """Return the memory in MB, without the leash."""
        return sum(process.resident for process in family(self.pid)[1:])


@dataclass(frozen=True, slots=True)
class Okno:
    """The API and its servers; `database`: the settings of PostgreSQL."""

    api: Running
    servers_pid: int
    database: Mapping[str, str]

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds used so far, by process."""
        used = {"api": self.api.cpu(), **dict.fromkeys(_SERVERS.values(), 0.0)}
        for process in family(self.servers_pid):
            if process.name in _SERVERS:
                used[_SERVERS[process.name]] += process.cpu
        return used


@contextmanager
def model(folder: Path, *, pieces: int, seconds: float = 0.0) -> Iterator[Running]:
    """Run the emulated model; `tools.bench.http.model` explains `pieces` and `seconds`."""
    port = free_port(0)
    with running(_MODEL, folder, {}, str(port), str(pieces), str(seconds)) as child:
        yield Running(port, child.pid)


@contextmanager
def proxy(folder: Path, model_port: int, workers: int) -> Iterator[Running]:
    """Run the bare proxy in front of the model."""
    port = free_port(0)
    options = (*_PROXY_OPTIONS, f"--port={port}", f"--workers={workers}")
    where = {MODEL_VARIABLE: f"http://{HOST}:{model_port}"}
    with running(_PROXY, folder, where, "tools.bench.http.proxy:app", *options) as child:
        yield Running(port, child.pid)


@contextmanager
def okno(folder: Path, model_port: int, workers: int) -> Iterator[Okno]:
    """Run the API on servers that write to disk as in production."""
    with start_servers(folder) as servers:
        database = settings_of(servers)
        migrate(folder, database)
        port = free_port(0)
        settings = {**database, **_settings(port, model_port, workers)}
        with running(API, folder, settings) as api:
            yield Okno(Running(port, api.pid), servers.pid, database)


def _settings(port: int, model_port: int, workers: int) -> dict[str, str]:
    """Keep the defaults, except for limits that would limit the measurement."""
    return {
        **telegram_at(f"http://{HOST}:{model_port}"),
        "JWT_SECRET": secrets.token_urlsafe(32),
        "API_HOST": HOST,
        "API_PORT": str(port),
        "API_METRICS_PORT": str(free_port(0)),
        "API_WORKERS": str(workers),
        "API_RATE_ADDRESS": _UNLIMITED,
        "API_RATE_REFRESH": _UNLIMITED,
        "LLM_MODELS_FILE": str(MODELS_FILE),
        "LLM_CONCURRENCY": "1000",
        "LLM_QUEUE_LENGTH": "1000",
        "OPENAI_API_BASE": f"http://{HOST}:{model_port}/v1",
        "OPENAI_API_KEY": "none",
    }
