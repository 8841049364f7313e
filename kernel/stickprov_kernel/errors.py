"""One small family of errors. The class says the situation and the HTTP status; the instance says the occurrence.

Services subclass these where a situation has a name of its own. Whatever reaches the HTTP edge as a
``StickprovError`` becomes an RFC 9457 problem; anything else is a fault of ours and a 500 without details.
"""

from collections.abc import Sequence
from typing import ClassVar

from stickprov_contracts.problems import FieldProblem


class StickprovError(Exception):
    """Something was asked that cannot be done; the message says why and what to do.

    Attributes:
        code: stable, kebab-case, for programs and translations.
        title: the situation in a few words.
        status: HTTP status.
        errors: the fields, rows or options at fault.
        current_version: the stream's version where the caller's was another.
    """

    code: ClassVar[str] = "failed"
    title: ClassVar[str] = "The request could not be carried out"
    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, errors: Sequence[FieldProblem] = (), current_version: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.current_version = current_version


class BadInputError(StickprovError):
    """The request is understood but wrong; ``errors`` names the fields."""

    code = "bad-input"
    title = "The request has errors"
    status = 422


class UnauthenticatedError(StickprovError):
    """Nobody is signed in, or the token is not valid."""

    code = "not-signed-in"
    title = "Sign in first"
    status = 401


class ForbiddenError(StickprovError):
    """The caller may not do this."""

    code = "not-allowed"
    title = "Not allowed"
    status = 403


class NotFoundError(StickprovError):
    """There is no such thing, or the caller may not know of it."""

    code = "not-found"
    title = "Not found"
    status = 404


class ConflictError(StickprovError):
    """The request is right in itself but does not fit what has happened."""

    code = "conflict"
    title = "This does not fit what has happened before"
    status = 409


class CommandReusedError(ConflictError):
    """A command id was used before by another actor or for another request."""

    code = "command-id-reused"
    title = "This command id stands for another request"


class VersionConflictError(ConflictError):
    """A stream moved on between reading and appending; read again and decide again."""

    code = "stream-moved-on"
    title = "Somebody else was first"

    def __init__(self, stream: str, *, expected: int, actual: int) -> None:
        super().__init__(
            f"{stream} is at version {actual}, not {expected}. Read it again and decide again.",
            current_version=actual,
        )
        self.stream = stream
        self.expected = expected
        self.actual = actual


class PreconditionFailedError(StickprovError):
    """``If-Match`` names a version that is no longer the newest."""

    code = "stale-version"
    title = "This has changed since you read it"
    status = 412


class PreconditionRequiredError(StickprovError):
    """The request needs ``If-Match``, so that nothing is overwritten unseen."""

    code = "version-required"
    title = "Say which version you saw"
    status = 428


class TooLargeError(StickprovError):
    """The body is larger than this route takes."""

    code = "too-large"
    title = "Too large"
    status = 413


class UnavailableError(StickprovError):
    """Something this needs is away for now; try again."""

    code = "unavailable"
    title = "Try again shortly"
    status = 503
