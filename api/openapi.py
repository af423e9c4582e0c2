"""The OpenAPI document: FastAPI's description of the routes, and all errors they can answer."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel

from api.auth import SCHEME
from api.openapi_problems import ProblemWriter
from api.problem_answers import ProblemAnswers
from api.problems import FieldProblem, Problem
from api.routes import all_routers
from api.texts import load_texts
from okno.accounts.config import ApiAddressSettings

TITLE: Final = "Okno"
VERSION: Final = "1.0.0"
_DESCRIPTION: Final = """\
The assistant that Okno's Telegram bot shows in windows, over HTTP: the same account, the same
conversations, the same balance.

Errors are problems of RFC 9457: decide by `code`. Ids are strings of digits. Amounts are billing
units: what leaves the balance.
"""
_TAGS: Final = {
    "auth": "Registering, signing in, the sign-ins that last, what is confirmed in Telegram.",
    "chat": "Asking the assistant.",
    "context": "What is said before a question, without the user seeing it again.",
    "conversations": "Past conversations, as the bot shows them.",
    "billing": "The balance: look, top up, buy.",
    "account": "One's own account.",
    "keys": "API keys, by which programs act for their owner.",
    "services": "Other programs that act for users of their own.",
    "openai": "What any OpenAI client speaks. Requests are charged as any other, and not kept.",
    "admin": "For administrators.",
    "system": "Whether the API is well.",
}
_BEARER: Final = (
    "The JWT of a sign-in or of a service; an API key (`okno_…`); or a service's assertion, which "
    "is good once."
)


def create_document(
    routers: Sequence[APIRouter], problems: ProblemAnswers, url: str
) -> dict[str, Any]:
    """Describe these routes of an API with this public address."""
    routes = [route for router in routers for route in router.routes]
    document = get_openapi(
        title=TITLE,
        version=VERSION,
        description=_DESCRIPTION,
        routes=routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        servers=[{"url": url}],
    )
    _add_components(document.setdefault("components", {}))
    writer = ProblemWriter(problems)
    for route in routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                operation = document["paths"][route.path_format][method.lower()]
                operation["operationId"] = to_camel(route.name)
                writer.write(route.path_format, operation)
    document["components"] |= writer.components
    return document


def published_document() -> dict[str, Any]:
    """Return the document for `docs/openapi.json`: of an API with the default address."""
    url = ApiAddressSettings.model_fields["url"].default
    return create_document(all_routers(), ProblemAnswers(load_texts()), url)


def _add_components(components: dict[str, Any]) -> None:
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    problem.pop("$defs")
    schemas[Problem.__name__] = problem
    schemas[FieldProblem.__name__] = FieldProblem.model_json_schema()
    components["securitySchemes"] = {
        SCHEME: {"type": "http", "scheme": SCHEME, "description": _BEARER}
    }
