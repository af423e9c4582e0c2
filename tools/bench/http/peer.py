"""Another program that stands before models: the LiteLLM proxy, without a database.

It brings more than a hundred packages, so it lives in a virtual environment of its own, made when
it is asked for, from `litellm.lock`.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from sandbox.programs import Program
from tools.bench.errors import BenchError
from tools.bench.http.stage import Running
from tools.bench.stage import ROOT

LOCK: Final = Path(__file__).with_name("litellm.lock")
_VENV: Final = ROOT / ".okno" / "litellm"
_INSTALL_SECONDS: Final = 900
_PROGRAM: Final = Program("litellm.proxy.proxy_cli", "Application startup complete")
_CONFIG: Final = """
model_list:
  - model_name: bench
    litellm_params:
      model: openai/bench
      api_base: http://{host}:{port}/v1
      api_key: none
"""
_SETTINGS: Final = {
    # As the bare proxy, and to its favour: it knows no callers.
    "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
    # No request of its own to the outside.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOG": "ERROR",
}


@contextmanager
def peer(folder: Path, model_port: int, workers: int) -> Iterator[Running]:
    """Run LiteLLM before the model. Raises `BenchError` when it can't be installed."""
    python = installed()
    config = folder / "litellm.yaml"
    config.write_text(_CONFIG.format(host=HOST, port=model_port))
    port = free_port(0)
    command = [_PROGRAM.module, f"--config={config}", f"--host={HOST}", f"--port={port}"]
    command += [f"--num_workers={workers}", "--telemetry=False"]
    log = folder / "litellm.log"
    with Child(command, log=log, environment=_SETTINGS, python=python) as child:
        _PROGRAM.wait(child)
        yield Running(port, child.pid)


def installed() -> Path:
    """Return the Python that has it, made anew when the lock has changed."""
    python, mark = _VENV / "bin" / "python", _VENV / "installed"
    lock = sha256(LOCK.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != lock:
        _run(sys.executable, "-m", "venv", "--clear", str(_VENV))
        _run(str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK))
        mark.write_text(lock)
    return python


def _run(*command: str) -> None:
    try:
        subprocess.run(  # noqa: S603 - our own words
            command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise BenchError("LiteLLM can't be installed: it takes too long") from None
    except subprocess.CalledProcessError as error:
        words = "\n".join(error.stderr.splitlines()[-5:])
        raise BenchError(f"LiteLLM can't be installed:\n{words}") from error
