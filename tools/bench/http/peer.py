"""The program that Okno is compared with: the LiteLLM proxy, without a database.

It has more than a hundred packages. They are installed on first use into a virtual environment of
their own, from `litellm.lock`.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from tools.bench.errors import BenchError
from tools.bench.http.stage import Running
from tools.bench.stage import ROOT

LOCK: Final = Path(__file__).with_name("litellm.lock")
_VENV: Final = ROOT / ".okno" / "litellm"
_INSTALL_SECONDS: Final = 900
_MODULE: Final = "litellm.proxy.proxy_cli"
_START_TIMEOUT_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.1
_CONFIG: Final = """
model_list:
  - model_name: bench
    litellm_params:
      model: openai/bench
      api_base: http://{host}:{port}/v1
      api_key: none
"""
_SETTINGS: Final = {
    # Like the bare proxy, it does not check its callers.
    "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
    # It makes no requests to the internet.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOG": "ERROR",
}


@contextmanager
def peer(folder: Path, model_port: int, workers: int) -> Iterator[Running]:
    """Run LiteLLM in front of the model. Raises `BenchError` when it cannot be installed."""
    python = installed()
    config = folder / "litellm.yaml"
    config.write_text(_CONFIG.format(host=HOST, port=model_port))
    port = free_port(0)
    command = [_MODULE, f"--config={config}", f"--host={HOST}", f"--port={port}"]
    command += [f"--num_workers={workers}", "--telemetry=False"]
    log = folder / "litellm.log"
    with Child(command, log=log, environment=_SETTINGS, python=python) as child:
        wait_until_served(child, port)
        yield Running(port, child.pid)


def wait_until_served(child: Child, port: int) -> None:
    """Wait until HTTP is answered on the port: LiteLLM logs no start. Raises `BenchError`."""
    deadline = monotonic() + _START_TIMEOUT_SECONDS
    while not _is_served(port):
        if child.ended or monotonic() > deadline:
            raise BenchError(f"LiteLLM did not start:\n{child.last_log_lines()}")
        sleep(_POLL_SECONDS)


def _is_served(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=_START_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health/liveliness")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def installed() -> Path:
    """Return the Python of its environment; install it again when the lock has changed."""
    python, mark = _VENV / "bin" / "python", _VENV / "installed"
    lock = sha256(LOCK.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != lock:
        _run(sys.executable, "-m", "venv", "--clear", str(_VENV))
        # The lock is complete. pip still refuses a dependency that a package names with an extra.
        options = ("--quiet", "--require-hashes", "--no-deps")
        _run(str(python), "-m", "pip", "install", *options, "-r", str(LOCK))
        mark.write_text(lock)
    return python


def _run(*command: str) -> None:
    try:
        subprocess.run(  # noqa: S603 - fixed arguments
            command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise BenchError("LiteLLM can't be installed: it takes too long") from None
    except subprocess.CalledProcessError as error:
        words = "\n".join(error.stderr.splitlines()[-5:])
        raise BenchError(f"LiteLLM can't be installed:\n{words}") from error
