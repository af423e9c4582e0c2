"""The ASGI application: all routes inside the middlewares."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any, Final

from dishka import AsyncContainer
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api.config import ApiSettings
from api.documents import add_documents
from api.middleware.envelope import Envelope
from api.middleware.guard import Guard
from api.openapi import TITLE, create_document
from api.problem_answers import ProblemAnswers
from api.proxies import Proxies
from api.routes import all_routers
from api.services import shared_state
from api.texts import load_texts

_CORS: Final[dict[str, Any]] = {
    "allow_methods": ["GET", "POST", "PATCH", "DELETE"],
    "allow_headers": ["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
    "expose_headers": [
        *("X-Request-ID", "X-Total-Count"),
        *("RateLimit", "RateLimit-Policy", "Retry-After"),
    ],
}


def create_app(container: AsyncContainer, settings: ApiSettings, url: str) -> FastAPI:
    """Make the application with the services of this container; the caller closes the container.

    Raises `OSError` when the texts can't be read.
    """
    problems = ProblemAnswers(load_texts())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        yield shared_state(container)

    app = FastAPI(
        title=TITLE,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirected client loses its token and its body
        lifespan=lifespan,
        middleware=_layers(problems, settings),
    )
    problems.install(app)
    routers = all_routers()
    for router in routers:
        # `include_router` would keep a router inside the router, searched for every request.
        app.router.routes.extend(router.routes)
    add_documents(app)
    app.openapi = cache(  # type: ignore[method-assign] # as FastAPI's own: made when asked for
        partial(create_document, routers, problems, url)
    )
    return app


def _layers(problems: ProblemAnswers, settings: ApiSettings) -> list[Middleware]:
    """Return the middlewares, the outermost first."""
    layers = [
        Middleware(Envelope, Proxies(settings.trusted_proxies)),
        Middleware(Guard, problems, settings),
    ]
    if settings.cors_origins:
        # Outside of the guard: pages of other origins must be able to read its refusals.
        layers.insert(
            1, Middleware(CORSMiddleware, allow_origins=sorted(settings.cors_origins), **_CORS)
        )
    return layers
