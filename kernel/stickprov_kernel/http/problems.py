"""How the edge says no: every refusal and every fault as an RFC 9457 problem, without a word about how it came.

What must not break: nothing that a client sends may lead to a 5xx, and a fault of ours tells nothing of its cause.
"""

import json
from collections.abc import Mapping
from typing import Final

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from stickprov_contracts.problems import CONTENT_TYPE, Problem
from stickprov_kernel.errors import BadInputError, StickprovError, TooLargeError, UnauthenticatedError, UnavailableError
from stickprov_kernel.http.rate_limit import TooManyRequestsError
from stickprov_kernel.http.validation import field_problems

RETRY_AFTER_SECONDS: Final = "1"

_LOG = structlog.stdlib.get_logger("stickprov.http")
_AWAY: Final = (
    OSError,  # refused, reset, timed out, no such socket
    asyncpg.InterfaceError,  # the connection or the pool is closed
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # out of connections, memory or disk
    asyncpg.InternalClientError,
)
_UNSTORABLE: Final = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.NumericValueOutOfRangeError,
)


class MalformedRequestError(StickprovError):
    """The request cannot be read at all."""

    code = "malformed"
    title = "The request cannot be read"
    status = 400


class NoSuchRouteError(StickprovError):
    """No route has this path."""

    code = "not-found"
    title = "Not found"
    status = 404


class MethodNotAllowedError(StickprovError):
    """The path exists, but not with this method."""

    code = "method-not-allowed"
    title = "This cannot be done here"
    status = 405


class OurFaultError(StickprovError):
    """Something broke on our side."""

    code = "failed"
    title = "Something went wrong on our side"
    status = 500


def problem_of(error: StickprovError) -> Problem:
    """Return what is answered for an error."""
    return Problem(
        type=f"urn:stickprov:problem:{error.code}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        code=error.code,
        errors=error.errors,
        current_version=error.current_version,
    )


def answer_to(error: StickprovError, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response for an error."""
    extra = dict(headers or {})
    if isinstance(error, UnauthenticatedError):
        extra["WWW-Authenticate"] = getattr(error, "challenge", "Bearer")
    if error.status == UnavailableError.status:
        extra["Retry-After"] = RETRY_AFTER_SECONDS
    if isinstance(error, TooManyRequestsError):
        extra["Retry-After"] = str(error.retry_after)
    content = json.dumps(problem_of(error).model_dump(exclude_none=True), ensure_ascii=False)
    return Response(content.encode(errors="replace"), error.status, extra, CONTENT_TYPE)


def answer_to_fault(fault: Exception) -> Response:
    """Return the response for an exception that nobody expected, and log it once."""
    if isinstance(fault, StickprovError):
        return answer_to(fault)
    if isinstance(fault, _UNSTORABLE) or _is_overflow(fault):
        _LOG.warning("unstorable-value", error=type(fault).__name__)
        return answer_to(BadInputError("A value cannot be stored: a number is too large, or a text holds a NUL."))
    if isinstance(fault, _AWAY) and not isinstance(fault, ValueError):
        _LOG.warning("unavailable", error=type(fault).__name__)
        return answer_to(UnavailableError("Something this needs is away for now. Try again shortly."))
    _LOG.error("fault", exc_info=fault)
    return answer_to(OurFaultError("It is in our log. Give us the X-Correlation-ID of this answer when you ask."))


def add_problem_handlers(app: FastAPI) -> None:
    """Make the application answer refusals as problems. Faults are the edge middleware's."""
    app.add_exception_handler(StickprovError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)


async def _refused(_request: Request, error: Exception) -> Response:
    if isinstance(error, StickprovError) and error.status < OurFaultError.status:
        return answer_to(error)
    return answer_to_fault(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError from error
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return answer_to(MalformedRequestError("The body is not JSON. Check quotes, commas and braces."))
    return answer_to(BadInputError("Correct the fields named in errors.", errors=field_problems(found)))


async def _framework(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError from error
    return answer_to(_as_ours(error), error.headers)


def _as_ours(error: HTTPException) -> StickprovError:
    match error.status_code:
        case 404:
            return NoSuchRouteError("There is nothing at this path. Check the address.")
        case 405:
            return MethodNotAllowedError("This path exists, but not with this method.")
        case 413:
            return TooLargeError("The body is larger than this route takes.")
        case _:
            return MalformedRequestError("The body cannot be read. Check its encoding and its Content-Type.")


def _is_overflow(fault: Exception) -> bool:
    # asyncpg's own refusal of an argument; any other cause than a number's size is our mistake.
    return isinstance(fault, asyncpg.DataError | ValueError) and isinstance(fault.__cause__, OverflowError)
