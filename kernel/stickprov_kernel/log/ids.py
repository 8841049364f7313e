"""Where new ids come from. Only adapters call this; the domain is given its ids."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): unique, and in the order of time, which keeps indexes dense."""
    return compat.uuid7()
