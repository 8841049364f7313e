"""The correlation id that everything one request leads to carries."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import Headers

from stickprov_contracts.http.headers import CORRELATION_ID
from stickprov_kernel.log.ids import new_id

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
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
