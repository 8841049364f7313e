"""The correlation id that everything one request leads to carries, and the trace context that it came with."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import Headers

from stickprov_contracts.http.headers import CORRELATION_ID
from stickprov_contracts.tracing.context import TRACEPARENT
from stickprov_kernel.log.ids import new_id

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_TRACE_ID: Final = slice(3, 35)
_SCOPE_KEY: Final = "stickprov.correlation_id"


def read_uuid(text: str) -> UUID | None:
    """Return the UUID that a header holds in its canonical form, None for anything else."""
    return UUID(text) if _UUID.fullmatch(text) else None


def correlate(scope: MutableMapping[str, Any]) -> UUID:
    """Take the caller's correlation id, or make one when there is none that is a UUID, and keep it in the scope."""
    correlation_id = read_uuid(Headers(scope=scope).get(CORRELATION_ID, "")) or new_id()
    scope[_SCOPE_KEY] = correlation_id
    return correlation_id


def correlation_of(scope: Mapping[str, Any]) -> UUID:
    """Return the request's correlation id."""
    found = scope[_SCOPE_KEY]
    if not isinstance(found, UUID):
        raise TypeError("The correlation id in the scope is no UUID.")
    return found


def traceparent_of(scope: Mapping[str, Any]) -> str | None:
    """Return the request's W3C trace context; None when it has none, several, or one that is malformed."""
    values = [value for name, value in scope["headers"] if name == b"traceparent"]
    text = values[0].decode("latin-1") if len(values) == 1 else ""
    return text if TRACEPARENT.fullmatch(text) else None


def trace_id_of(scope: Mapping[str, Any]) -> str | None:
    """Return the id of the trace that the request belongs to: 32 hex digits."""
    traceparent = traceparent_of(scope)
    return None if traceparent is None else traceparent[_TRACE_ID]
