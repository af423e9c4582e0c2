"""Structured logs: one JSON object a line with ECS field names, or a readable console.

Field names: https://www.elastic.co/docs/reference/ecs. Our own fields stand under `okno.`, so that
they never clash with those that Elasticsearch maps by itself.

A request writes several lines, so a line has to be quick: what is the same for all lines is done
once, and nothing is looked up that no line shows.
"""

import json
import logging
import logging.handlers
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, cast

import structlog
from pydantic_core import to_json
from stamina.instrumentation import set_on_retry_hooks

from okno.kit.errors import StartupError
from okno.kit.secrets import hide_secrets
from okno.kit.settings import LogSettings

_ECS = {
    "event": "message",
    "level": "log.level",
    "logger": "log.logger",
    "timestamp": "@timestamp",
    "exception": "error.stack_trace",
}

Event = MutableMapping[str, Any]


def configure_logs(settings: LogSettings, *, service: str) -> None:
    """Send the records of structlog and of the standard library through one formatter.

    Raises `StartupError` when the file can't be written.
    """
    _find_out_less()
    # The code that retries logs it, with the fields that it knows.
    set_on_retry_hooks(())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = _Formatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(settings, service),
            _hide_secrets,
        ],
    )
    root = logging.getLogger()
    try:
        root.handlers = _handlers(settings, formatter)
    except OSError as error:
        raise StartupError(f"LOG_FILE can't be written: {error}") from error
    root.setLevel(settings.level)
    logging.captureWarnings(capture=True)
    for repetitive in ("aiogram.event", "alembic"):
        logging.getLogger(repetitive).setLevel(logging.WARNING)


def _find_out_less() -> None:
    """Do not look up the caller, the thread and the process, which no line shows.

    https://docs.python.org/3/howto/logging.html#optimization
    """
    logging._srcfile = None  # noqa: SLF001 - as is said there
    logging.logThreads = False
    logging.logProcesses = False
    logging.logMultiprocessing = False


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders events of structlog straight away; records of the standard library take longer."""

    def format(self, record: logging.LogRecord) -> str:
        if not hasattr(record, "_name"):  # which `wrap_for_formatter` adds
            return super().format(record)
        # A copy, for there may be other handlers.
        line: Any = dict(cast("Event", record.msg))
        for process in self.processors[1:]:  # the first takes away what only super() adds
            line = process(None, "", line)
        return str(line)


def _hide_secrets(_logger: object, _method: str, line: Any) -> str:  # noqa: ANN401 - a string by now
    return hide_secrets(line)


def _handlers(settings: LogSettings, formatter: logging.Formatter) -> list[logging.Handler]:
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if settings.file is not None:
        settings.file.parent.mkdir(parents=True, exist_ok=True)
        # Reopens the file when logrotate has moved it away.
        handlers.append(logging.handlers.WatchedFileHandler(settings.file, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(formatter)
    return handlers


def _renderers(settings: LogSettings, service: str) -> list[structlog.typing.Processor]:
    if settings.format == "console":
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default shows the values of local variables, and with them secrets.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]

    def to_ecs(_logger: object, _method: str, event: Event) -> Event:
        fields: Event = {"ecs.version": "8.11.0", "service.name": service}
        for name, value in event.items():
            fields[_ecs_name(name)] = value
        return fields

    return [structlog.processors.format_exc_info, to_ecs, _to_json]


@lru_cache
def _ecs_name(name: str) -> str:
    return _ECS.get(name, f"okno.{name}")


def _to_json(_logger: object, _method: str, event: Event) -> str:
    try:
        return to_json(event, fallback=str).decode()
    except ValueError:
        # Text that is no text, half a pair of surrogates: written as an escape.
        return json.dumps(event, default=str)
