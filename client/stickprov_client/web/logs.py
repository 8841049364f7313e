"""The web application's log: JSON, one line an event. Never a query string: it may be typed by hand.

What must not break: an error's message that may quote a person (an answer that does not fit, what a service said of a
register's row, an address) stays out; its kind and place are told.
"""

import logging
import sys
from types import TracebackType
from typing import Final

import httpx
import structlog

from stickprov_client.api import ClientError
from stickprov_contracts.serving.tracebacks import safe_traceback, summary_without

_summary: Final = summary_without(ClientError, httpx.HTTPError, httpx.InvalidURL)


def configure_logs(level: str) -> None:
    """Send every logger through one JSON handler on stderr."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _name_service,
            _traced,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # Every call to a service would be a line of its own.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _traced(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    error = _error_in(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = safe_traceback(error, _summary)
    return event


def _error_in(
    told: BaseException | tuple[type[BaseException], BaseException, TracebackType | None] | bool | None,
) -> BaseException | None:
    match told:
        case BaseException():
            return told
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
        case _:
            return None


def _name_service(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    return {"service": "web", **event}
