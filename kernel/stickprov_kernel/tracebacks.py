"""Tracebacks of services: of PostgreSQL's errors, which quote rows, state and constraint are told and no message."""

import asyncpg

from stickprov_contracts.serving import tracebacks

_summary = tracebacks.summary_without()


def safe_traceback(error: BaseException) -> str:
    """Return the traceback with its causes, oldest first, without messages that may quote a value."""
    return tracebacks.safe_traceback(error, _told)


def _told(error: BaseException) -> str:
    if not isinstance(error, asyncpg.PostgresError):
        return _summary(error)
    constraint = getattr(error, "constraint_name", None)
    name = tracebacks.name_of(error)
    return f"{name}: state {error.sqlstate}" + (f", constraint {constraint}" if constraint else "")
