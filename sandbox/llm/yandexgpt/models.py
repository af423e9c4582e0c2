"""YandexGPT's models and their addresses: `gpt://<folder>/<model>[/<branch>]`."""

import re
from typing import Final

from sandbox.llm.problems import Problem, Refused

CONTEXT_TOKENS: Final = 32_768

_VERSIONS: Final = {"yandexgpt-lite": "07.03.2024", "yandexgpt": "06.12.2023"}
_BRANCHES: Final = frozenset({None, "latest", "rc", "deprecated"})
_ADDRESS: Final = re.compile(r"gpt://(?P<folder>[^/]+)/(?P<model>[^/]+)(?:/(?P<branch>[^/]+))?")


def model_version(address: str, folder: str) -> str:
    """Return the version of the model. Raises Refused for an unknown model or folder."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise Refused(Problem.BAD_REQUEST, "Invalid model_uri")
    if found["folder"] != folder:
        raise Refused(Problem.PERMISSION_DENIED, "Permission to [folder] denied")
    if found["model"] not in _VERSIONS or found["branch"] not in _BRANCHES:
        raise Refused(Problem.NOT_FOUND, f"Failed to get model {address}")
    return _VERSIONS[found["model"]]
