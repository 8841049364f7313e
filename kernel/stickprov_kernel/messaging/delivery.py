"""An event as it arrives, from Kafka or from the feed: not yet trusted, not yet understood."""

from dataclasses import dataclass

from stickprov_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry of another service's log, as it was delivered.

    Attributes:
        position: the place it claims in the source's total order.
        chain_hash: the chain hash it claims there, 32 bytes.
        envelope: its attributes.
        envelope_bytes: the same in the canonical form that is hashed.
        data: the event's JSON text as UTF-8, as it is hashed.
    """

    position: int
    chain_hash: bytes
    envelope: Envelope
    envelope_bytes: bytes
    data: bytes
