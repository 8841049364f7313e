"""The command behind a request: its id, who gave it, and a hash that tells a retry from a reuse of the id.

What must not break: the hash is stored for good, and a request may hold a personal number. It is keyed, so that who has
the database alone cannot try numbers until one fits.
"""

import dataclasses
import hmac
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header, Request

from stickprov_contracts.http.headers import COMMAND_ID, IF_MATCH
from stickprov_kernel.errors import StickprovError
from stickprov_kernel.http.correlation import correlation_of, read_uuid, traceparent_of
from stickprov_kernel.http.identity import Caller, Role, require
from stickprov_kernel.log.records import CommandContext

_ETAG: Final = re.compile(r'(?:W/)?"(0|[1-9][0-9]{0,17})"', re.ASCII)
_LENGTH_BYTES: Final = 8

Command = Callable[..., Awaitable[CommandContext]]


class CommandIdMissingError(StickprovError):
    """A command came without an ``Idempotency-Key``."""

    code = "command-id-missing"
    title = "The command has no id"
    status = 400


class CommandIdMalformedError(StickprovError):
    """The ``Idempotency-Key`` is no UUID."""

    code = "command-id-malformed"
    title = "The command's id is no UUID"
    status = 400


class VersionMalformedError(StickprovError):
    """``If-Match`` is no version."""

    code = "version-malformed"
    title = "If-Match is no version"
    status = 400


def command(*roles: Role) -> Command:
    """Return a dependency that gives the command's context to callers with one of the roles.

    ``Annotated[CommandContext, Depends(command("reviewer"))]``. The request hash covers the whole body; a route that
    takes a form uses ``command_head``, because a form's bytes differ with every retry.
    """
    requirement = require(*roles)

    async def command_context(
        request: Request,
        caller: Annotated[Caller, Depends(requirement)],
        command_id: Annotated[UUID, Depends(_command_id)],
    ) -> CommandContext:
        return hashed_with(_head(request, caller, command_id), await request.body())

    _READING_BODY.add(command_context)
    return command_context


def command_head(*roles: Role) -> Command:
    """Return the same for a route that takes a form: the hash covers method, path and ``If-Match`` alone.

    The route completes it with ``hashed_with``, or else a retry with another content would get the first answer.
    """
    requirement = require(*roles)

    async def command_context(
        request: Request,
        caller: Annotated[Caller, Depends(requirement)],
        command_id: Annotated[UUID, Depends(_command_id)],
    ) -> CommandContext:
        return _head(request, caller, command_id)

    return command_context


def hashed_with(context: CommandContext, *content: bytes) -> CommandContext:
    """Return the context with a request hash that covers these parts of the content too."""
    return dataclasses.replace(context, request_hash=_digest(context.request_hash, *content))


async def if_match(
    request: Request,
    _documented: Annotated[
        str | None, Header(alias=IF_MATCH, description='The version you saw, such as `"3"`.')
    ] = None,
) -> int | None:
    """Return the version in ``If-Match``, None when there is none.

    Raises:
        VersionMalformedError: it is not one version in quotes.
    """
    values = request.headers.getlist(IF_MATCH)
    if not values:
        return None
    found = _ETAG.fullmatch(values[0].strip())
    if found is None or len(values) > 1:
        raise VersionMalformedError(
            'Send one version in quotes, such as If-Match: "3"; it is the ETag of what you read.'
        )
    return int(found[1])


def reads_body(call: object) -> bool:
    """Return whether a dependency is a ``command`` that hashes the whole body."""
    return call in _READING_BODY


_READING_BODY: Final[set[object]] = set()


async def _command_id(
    request: Request,
    _documented: Annotated[
        str | None,
        Header(alias=COMMAND_ID, description="UUID of the command; the same id again gets the first answer."),
    ] = None,
) -> UUID:
    values = request.headers.getlist(COMMAND_ID)
    if not values:
        raise CommandIdMissingError(f"Send a new UUID as {COMMAND_ID}, and the same one again when you retry.")
    command_id = read_uuid(values[0])
    if len(values) > 1 or command_id is None:
        raise CommandIdMalformedError(f"{COMMAND_ID} must be one UUID, such as 01900000-0000-7000-8000-000000000000.")
    return command_id


def _head(request: Request, caller: Caller, command_id: UUID) -> CommandContext:
    target = request.scope["path"].encode("utf-8", "surrogatepass")
    query = request.scope["query_string"]
    version = request.headers.get(IF_MATCH, "").encode("latin-1")
    return CommandContext(
        command_id=command_id,
        actor=caller.actor,
        request_hash=_digest(request.app.state.request_key, request.method.encode(), target, query, version),
        time=datetime.now(UTC),
        correlation_id=correlation_of(request.scope),
        traceparent=traceparent_of(request.scope),
    )


def _digest(key: bytes, *parts: bytes) -> bytes:
    # Each part with its length, so that nothing can move from one part into the next. What completes a hash is keyed
    # with what was there before, which is stored nowhere.
    digest = hmac.new(key, digestmod="sha256")
    for part in parts:
        digest.update(len(part).to_bytes(_LENGTH_BYTES, "big"))
        digest.update(part)
    return digest.digest()
