"""What the bot answers over HTTP: its health, its metrics and, by webhook, Telegram's updates."""

import asyncio
import json
from dataclasses import asdict
from secrets import compare_digest

import structlog
from aiogram import Bot
from aiohttp import web

from okno.kit.health import HealthChecks
from okno.kit.metrics import CONTENT_TYPE, render_metrics
from tgbot.lanes import Lanes
from tgbot.updates import read_update

log = structlog.get_logger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes; an update of Telegram is far smaller."""
BODY_SECONDS = 10.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def create_server(health: HealthChecks) -> web.Application:
    """Make the application with `/health` and `/metrics`."""
    app = web.Application(client_max_size=MAX_BODY)

    async def show_health(_request: web.Request) -> web.Response:
        checks = await health.run()
        ok = all(check.ok for check in checks)
        body = {"status": "ok" if ok else "unavailable", "checks": [asdict(c) for c in checks]}
        return web.json_response(body, status=200 if ok else 503)

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=render_metrics(), headers={"Content-Type": CONTENT_TYPE})

    app.router.add_get("/health", show_health)
    app.router.add_get("/metrics", show_metrics)
    return app


def add_webhook(app: web.Application, path: str, secret: str, bot: Bot, lanes: Lanes) -> None:
    """Take updates at `path`. The answer is given when the update was handled.

    So an update whose process was killed is delivered again: see the middleware `once`.
    """

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                raw = json.loads(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except ValueError:
            raw = None
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            log.warning("what came by webhook is no update")
            return web.Response(status=400)
        # One that can't be read is taken all the same: Telegram would only bring it again.
        if (update := read_update(raw, bot)) is not None:
            await (await lanes.submit(update))
        return web.json_response({})

    app.router.add_post(path, take)
