"""The published contract, by which every answer that a test gets is judged."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from api.openapi import published_document
from api.problems import MEDIA_TYPE


def expect_declared(method: str, path: str, status: int, code: str) -> None:
    """Expect that the contract has this problem for the operation, if it has the operation."""
    declared = _declared(method.lower(), path.partition("?")[0])
    assert declared is None or (str(status), code) in declared, (
        f"{method} {path} has answered {status} {code}, which its `problems(…)` do not name"
    )


@cache
def _declared(method: str, path: str) -> frozenset[tuple[str, str]] | None:
    """Return status and code of all problems of an operation; None: there is no such operation."""
    return next((found for form, found in _operations(method) if form.fullmatch(path)), None)


@cache
def _operations(method: str) -> tuple[tuple[re.Pattern[str], frozenset[tuple[str, str]]], ...]:
    document = published_document()
    forms = sorted(document["paths"], key=lambda form: form.count("{"))
    return tuple(
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", form)), frozenset(_problems(document, operation)))
        for form in forms
        if (operation := document["paths"][form].get(method)) is not None
    )


def _problems(document: Any, operation: Any) -> Iterator[tuple[str, str]]:
    for status, response in operation["responses"].items():
        if reference := response.get("$ref"):
            response = document["components"]["responses"][reference.rpartition("/")[2]]  # noqa: PLW2901 - what it stands for
        for code in response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", ()):
            yield status, code
