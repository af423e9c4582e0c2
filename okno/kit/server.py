"""The HTTP server for health and metrics of programs that are no HTTP service."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

from aiohttp import web

from okno.kit.errors import StartupError
from okno.kit.health import HealthChecks
from okno.kit.metrics import CONTENT_TYPE, render_metrics
from okno.kit.timeouts import HEALTH_SERVER_GRACE_SECONDS

MAX_BODY_BYTES = 1024 * 1024
"""An update of Telegram is far smaller."""


def create_server(health: HealthChecks) -> web.Application:
    """Make the application with `/health` and `/metrics`."""
    app = create_metrics_server()

    async def show_health(_request: web.Request) -> web.Response:
        checks = await health.run()
        ok = all(check.ok for check in checks)
        body = {"status": "ok" if ok else "unavailable", "checks": [asdict(c) for c in checks]}
        return web.json_response(body, status=200 if ok else 503)

    app.router.add_get("/health", show_health)
    return app


def create_metrics_server(render: Callable[[], bytes] = render_metrics) -> web.Application:
    """Make the application with `/metrics` alone."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=render(), headers={"Content-Type": CONTENT_TYPE})

    app.router.add_get("/metrics", show_metrics)
    return app


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, *, prefix: str
) -> AsyncIterator[None]:
    """Listen; at the end refuse new requests and let those in work finish.

    `prefix`: of the settings that name the address. Raises `StartupError` when it is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=HEALTH_SERVER_GRACE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise StartupError(
            f"can't listen at {prefix}HOST {host}, {prefix}PORT {port}: {error}"
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()
