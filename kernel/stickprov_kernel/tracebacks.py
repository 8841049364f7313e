"""Tracebacks that can be logged: where it broke and what kind of error, never what somebody typed.

Errors of values (a number that is none, a key that is not there, a row that breaks a rule) quote the value in their
message, and the value may be a person. Their messages stay out of the log; type, place and, for PostgreSQL, state and
constraint go in.
"""

import traceback
from typing import Final

import asyncpg

_QUOTING: Final = (ValueError, LookupError, asyncpg.PostgresError)
_DEEPEST: Final = 5


def safe_traceback(error: BaseException) -> str:
    """Return the traceback with its causes, oldest first, without messages that may quote a value."""
    return "\n".join(_sections(error, _DEEPEST))


def _sections(error: BaseException, depth: int) -> list[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = _sections(earlier, depth - 1) if earlier is not None and depth > 0 else []
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) and depth > 0 else ()
    parts = [line for one in inner for line in _sections(one, depth - 1)]
    return [*before, *([frames] if frames else []), _summary(error), *parts]


def _summary(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, asyncpg.PostgresError):
        constraint = getattr(error, "constraint_name", None)
        return f"{name}: state {error.sqlstate}" + (f", constraint {constraint}" if constraint else "")
    if isinstance(error, _QUOTING):
        return name
    return f"{name}: {error}"
