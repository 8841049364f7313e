"""Who put a record on a log's topic: one of ours, or somebody else who may write to Kafka.

What must not break: an event's place in a log is believed from Kafka only if a holder of the services' common key
vouches for it. Hashes alone do not tell: whoever can read the topic can compute the next one. What nobody vouches for
opens a gap at most, and the source is asked.

The chain hash covers the event and all before it, so that place and chain hash are all that is vouched for.
"""

import hmac
from collections.abc import Iterable
from typing import Final

from stickprov_kernel.messaging.cloudevents import NotALogRecordError
from stickprov_kernel.messaging.delivery import Delivery

HEADER: Final = "stickprov-vouched"
"""Not an attribute of the event: it is neither hashed nor fed."""
_PURPOSE: Final = b"stickprov kafka records v1"


class StrangersRecordError(NotALogRecordError):
    """Nobody who holds the key vouches for a record."""


class Vouching:
    """Vouches for records, and tells whether somebody who holds the same key did.

    Args:
        key: of at least 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, staff_key: bytes) -> "Vouching":
        """Return what vouches with a key that follows from the staff key, which all services have."""
        return cls(hmac.digest(staff_key, _PURPOSE, "sha256"))

    def header(self, position: int, chain_hash: bytes) -> tuple[str, bytes]:
        """Return the header that vouches for an event's place in a log."""
        return HEADER, self._mac(position, chain_hash)

    def check(self, headers: Iterable[tuple[str, bytes | None]], delivery: Delivery) -> None:
        """Refuse a record that nobody vouches for.

        Raises:
            StrangersRecordError: it has no such header, or another.
        """
        given = next((value for name, value in headers if name == HEADER), None) or b""
        if not hmac.compare_digest(given, self._mac(delivery.position, delivery.chain_hash)):
            raise StrangersRecordError("nobody of ours vouches for it")

    def _mac(self, position: int, chain_hash: bytes) -> bytes:
        return hmac.digest(self._key, position.to_bytes(8) + chain_hash, "sha256").hex().encode()
