"""Tracebacks that can be logged: where it broke and what kind of error, never what somebody typed.

Errors of values (a number that is none, a key that is not there, an answer of another form) quote the value in their
message, and the value may be a person. Their messages stay out of the log.
"""

import ssl
import traceback
from collections.abc import Callable
from typing import Final

QUOTING: Final[tuple[type[BaseException], ...]] = (ValueError, LookupError)
"""Errors whose messages quote values, whoever raises them; pydantic's are of the first kind."""
_DEEPEST: Final = 5

Summary = Callable[[BaseException], str]


def safe_traceback(error: BaseException, summary: Summary) -> str:
    """Return the traceback with its causes, oldest first; ``summary`` says an error in one line."""
    return "\n".join(_sections(error, summary, _DEEPEST))


def summary_without(*quoting: type[BaseException]) -> Summary:
    """Return what says an error by its name and message, and those that quote values by their name alone."""

    def summary(error: BaseException) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            # A ValueError by descent, which quotes nothing but the host that was meant.
            return f"{name_of(error)}: {error.verify_message}"
        return name_of(error) if isinstance(error, (*QUOTING, *quoting)) else f"{name_of(error)}: {error}"

    return summary


def name_of(error: BaseException) -> str:
    """Return an error's type with its module."""
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _sections(error: BaseException, summary: Summary, depth: int) -> list[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = _sections(earlier, summary, depth - 1) if earlier is not None and depth > 0 else []
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) and depth > 0 else ()
    parts = [line for one in inner for line in _sections(one, summary, depth - 1)]
    return [*before, *([frames] if frames else []), summary(error), *parts]
