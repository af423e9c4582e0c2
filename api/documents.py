"""`/docs` and `/redoc`: pages that show the contract, without files of other servers."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

_ASSETS: Final = "/docs/assets"
_FOLDER: Final = Path(fastapi_offline.__file__).with_name("static")
_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; worker-src blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; script-src 'self'"
)
"""Both pages use inline styles; only their own scripts may run."""


class _Assets(StaticFiles):
    """Files that change only with a new release of the library."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:  # noqa: ANN401 - as it is
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def add_documents(app: FastAPI) -> None:
    """Add both pages and the files that they load."""
    address = app.openapi_url or ""
    swagger = get_swagger_ui_html(
        openapi_url=address,
        title=app.title,
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon.png",
    )
    redoc = get_redoc_html(
        openapi_url=address,
        title=app.title,
        redoc_js_url=f"{_ASSETS}/redoc.standalone.js",
        redoc_favicon_url=f"{_ASSETS}/favicon.png",
        with_google_fonts=False,
    )
    app.mount(_ASSETS, _Assets(directory=_FOLDER))
    for path, page in (("/docs", swagger), ("/redoc", redoc)):
        _add_page(app, path, bytes(page.body))


def _add_page(app: FastAPI, path: str, content: bytes) -> None:
    policy = f"{_POLICY} {' '.join(map(_hash, _INLINE.findall(content)))}"

    async def show_page() -> Response:
        return HTMLResponse(content, headers={"Content-Security-Policy": policy})

    app.add_api_route(path, show_page, include_in_schema=False)


def _hash(script: bytes) -> str:
    return f"'sha256-{b64encode(sha256(script).digest()).decode()}'"
