"""An event as it arrives, from Kafka or from the feed: not yet trusted, not yet understood."""

from dataclasses import dataclass

import asyncpg

from stickprov_contracts.envelope import Envelope
from stickprov_contracts.log import LogEntry
from stickprov_kernel.log.envelope import decode, encode


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


@dataclass(frozen=True, slots=True)
class TracedDelivery(Delivery):
    """One that came with a trace, where traces are recorded.

    Attributes:
        traceparent: W3C trace context of what brought it; no part of the event.
    """

    traceparent: str


def from_entry(entry: LogEntry) -> Delivery:
    """Return an entry of a feed as a delivery; its envelope is encoded anew, so that the chain is checked."""
    return Delivery(
        position=entry.position,
        chain_hash=bytes.fromhex(entry.chain_hash),
        envelope=entry.envelope,
        envelope_bytes=encode(entry.envelope),
        data=entry.data.encode(),
    )


def from_copy(row: asyncpg.Record) -> Delivery:
    """Return a row of the log copy as it was delivered once."""
    return Delivery(row["position"], row["chain_hash"], decode(row["envelope"]), row["envelope"], row["data"])
