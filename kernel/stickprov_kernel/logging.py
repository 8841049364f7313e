"""Logs: structlog, one line an event, JSON for machines. The libraries' own loggers go the same way.

What must not break: no line holds a body, a header, a query value or an identity. Errors are logged by
``safe_traceback``, which leaves out what somebody typed.
"""

import logging
import sys
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from stickprov_kernel.tracebacks import safe_traceback

_THEIR_OWN_HANDLERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "faststream", "aiokafka", "asyncio")
_TOO_TALKATIVE: Final = ("httpx", "httpcore", "aiokafka")
"""They log addresses with query values, or a line per reconnect attempt, at info."""


def configure(
    service: str,
    level: str = "info",
    log_format: Literal["json", "console"] = "json",
    *,
    stream: TextIO | None = None,
) -> None:
    """Send every log line of this process through structlog to ``stream``, standard error when not given."""
    target = stream or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _named(service),
        _traced,
    ]
    renderer = _json() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=target.isatty())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    _route_everything_to(handler, level)


def _route_everything_to(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _THEIR_OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _TOO_TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def _json() -> Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False, default=str)


def _named(service: str) -> Processor:
    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add_service


def _traced(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["traceback"] = safe_traceback(error)
    return event
