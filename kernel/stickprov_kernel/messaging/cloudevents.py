"""Events as CloudEvents 1.0 in Kafka's binary mode: attributes in ``ce_`` headers, the data as the value.

What must not break: the canonical envelope can be rebuilt from the headers byte for byte, so that a consumer can
check the chain. Headers we do not know (trace headers, what a proxy adds) are left alone.
"""

from collections.abc import Iterable
from typing import Final

from pydantic import ValidationError

from stickprov_contracts.envelope import HASHED_ATTRIBUTES, Envelope
from stickprov_kernel.log.envelope import decode, frame
from stickprov_kernel.log.records import Sequenced
from stickprov_kernel.messaging.delivery import Delivery

_PREFIX: Final = "ce_"
_CONTENT_TYPE: Final = "content-type"
POSITION: Final = "ce_position"
CHAIN_HASH: Final = "ce_chainhash"
_TRACEPARENT: Final = "traceparent"
_HASH_BYTES: Final = 32
_ZERO: Final = ord("0")
_LONGEST_POSITION: Final = 18
"""Digits that are sure to fit into PostgreSQL's bigint."""
HEADER_OF: Final = {name: _CONTENT_TYPE if name == "datacontenttype" else _PREFIX + name for name in HASHED_ATTRIBUTES}
_NAME_OF: Final = {header: name for name, header in HEADER_OF.items()} | {
    POSITION: POSITION,
    CHAIN_HASH: CHAIN_HASH,
}


_read_envelope: Final = Envelope.__pydantic_validator__.validate_python


class NotALogRecordError(Exception):
    """A record on a log's topic is not an entry of a log; the message names the header at fault, never a value."""


def to_headers(entry: Sequenced) -> list[tuple[str, bytes]]:
    """Return the Kafka headers of a log entry; its value is ``entry.data``, its key the stream."""
    return headers_of(decode(entry.envelope), entry)


def headers_of(envelope: Envelope, entry: Sequenced) -> list[tuple[str, bytes]]:
    """Return the Kafka headers of an entry whose envelope is decoded already.

    The W3C trace context goes under its own name, as tracers look for it; CloudEvents leaves it to the transport.
    """
    attributes = envelope.__dict__
    headers = [
        (header, attributes[name].encode()) for name, header in HEADER_OF.items() if attributes[name] is not None
    ]
    headers.append((POSITION, str(entry.position).encode()))
    headers.append((CHAIN_HASH, entry.chain_hash.hex().encode()))
    if entry.traceparent is not None:
        headers.append((_TRACEPARENT, entry.traceparent.encode()))
    return headers


def from_headers(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Delivery:
    """Read a Kafka record back.

    Raises:
        NotALogRecordError: a header is missing or malformed, or there is no value.
    """
    given: dict[str, bytes] = {}
    for header, raw in headers:
        name = _NAME_OF.get(header)
        if name is not None and raw is not None:
            given[name] = raw
    position = given.pop(POSITION, b"")
    chain = given.pop(CHAIN_HASH, b"")
    try:
        envelope = _read_envelope(given)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, item["loc"])) for item in error.errors()[:5])
        raise NotALogRecordError(f"missing or malformed attributes: {places}") from None
    if value is None:
        raise NotALogRecordError("the record has no value")
    return Delivery(_position(position), _chain_hash(chain), envelope, frame(given), value)


def _position(raw: bytes) -> int:
    if not raw.isdigit() or raw[0] == _ZERO or len(raw) > _LONGEST_POSITION:
        raise NotALogRecordError(f"{POSITION} is not a position")
    return int(raw)


def _chain_hash(raw: bytes) -> bytes:
    try:
        chain = bytes.fromhex(raw.decode())
    except ValueError:
        chain = b""
    # Written as we write it: another case would be the same hash, and an altered record would pass.
    if len(chain) != _HASH_BYTES or chain.hex().encode() != raw:
        raise NotALogRecordError(f"{CHAIN_HASH} is not 32 bytes in lower-case hex")
    return chain
