"""The published contract: it says all that the routes do, and the copy kept here is up to date."""

import json
import re
from typing import Any

import pytest

from api.openapi import published_document
from tests.conftest import ROOT

FILE = ROOT / "docs" / "openapi.json"
DOCUMENT = published_document()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
SCHEMA = re.compile("^#/components/schemas/(.+)$")
OPEN = {
    "GET /health",
    "POST /api/auth/register",
    "POST /api/auth/login",
    "POST /api/auth/refresh",
    "POST /api/auth/service",
    "POST /api/auth/telegram",
    "GET /api/auth/telegram/{confirmationId}",
}
"""Operations that need no authentication."""


def test_the_copy_in_the_repository_is_up_to_date() -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))
    assert written == DOCUMENT, "run `python -m tools.openapi` and look through what has changed"


def test_what_is_open_to_everybody_is_known() -> None:
    assert {name for name, found in OPERATIONS.items() if "security" not in found} == OPEN


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_how_it_fails(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    assert "422" not in responses
    expected = {"414", "431", "500", "503"}
    if "security" in OPERATIONS[name]:
        expected |= {"401", "403", "429"}
    if "requestBody" in OPERATIONS[name]:
        expected |= {"400", "408", "413", "415"}
    assert expected <= responses.keys()
    assert [status for status in responses if status.startswith("2")]


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_problems_of_an_operation_are_shown_as_they_are(name: str) -> None:
    for status, found in OPERATIONS[name]["responses"].items():
        if status.startswith("2"):
            continue
        response = resolved(found)
        for code, example in response["content"]["application/problem+json"]["examples"].items():
            problem = resolved(example)["value"]
            assert (problem["code"], problem["status"]) == (code, int(status))
            assert problem["detail"]
            assert ("error" in problem) == name.split()[1].startswith("/v1/")
            assert f"`{code}`" in response["description"] or name == "GET /health"


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, if it is one."""
    found: dict[str, Any] = DOCUMENT
    if "$ref" not in value:
        return value
    for step in value["$ref"].split("/")[1:]:
        found = found[step]
    return found


def test_the_names_of_operations_are_unique() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))


def test_no_name_of_the_code_shows() -> None:
    fields = [
        name
        for schema in DOCUMENT["components"]["schemas"].values()
        for name in schema.get("properties", {})
    ]
    parameters = [
        parameter["name"]
        for operation in OPERATIONS.values()
        for parameter in operation.get("parameters", [])
    ]
    assert [name for name in parameters if "_" in name] == []
    ours = {name for name in fields if "_" in name}
    assert ours <= openai_fields(), "OpenAI's contract alone is written so"


def openai_fields() -> set[str]:
    """Collect the fields of the schemas that `/v1` uses."""
    found: set[str] = set()
    todo = [schemas_in(item) for path, item in DOCUMENT["paths"].items() if path.startswith("/v1")]
    names = set().union(*todo)
    seen: set[str] = set()
    while names - seen:
        name = (names - seen).pop()
        seen.add(name)
        schema = DOCUMENT["components"]["schemas"][name]
        found |= schema.get("properties", {}).keys()
        names |= schemas_in(schema)
    return found


def schemas_in(value: Any) -> set[str]:
    """Return the names of all schemas that it refers to."""
    if isinstance(value, dict):
        own = set(SCHEMA.findall(str(value.get("$ref"))))
        return own.union(*map(schemas_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(schemas_in, value))
    return set()
