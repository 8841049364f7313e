"""The canonical bytes of an envelope: what is hashed, stored and can be rebuilt from Kafka's headers.

What must not break, for ever: the attributes of ``HASHED_ATTRIBUTES`` in that order, absent ones left out, each as
``length(name) || name || length(value) || value`` with UTF-8 text and 4-byte big-endian lengths. No two different
envelopes have the same bytes.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Any, Final, NamedTuple

from stickprov_contracts.envelope import HASHED_ATTRIBUTES, Envelope
from stickprov_contracts.events import type_name
from stickprov_contracts.topics import Source, source_uri
from stickprov_kernel.log.records import CommandContext, PendingEvent

_LENGTH: Final = Struct(">I")
_NAMES: Final = tuple((name, _LENGTH.pack(len(name)) + name.encode()) for name in HASHED_ATTRIBUTES)
_MAY_BE_ABSENT: Final = frozenset(
    name for name, field in Envelope.model_fields.items() if field.default is None and not field.is_required()
)
_USUAL_LENGTHS: Final = 100
_HEADS: Final = tuple(
    (name, prefix, [prefix + _LENGTH.pack(length) for length in range(_USUAL_LENGTHS)]) for name, prefix in _NAMES
)
"""What stands before a value of each usual length: made once, because every event that is heard has ten of them."""
_VERSION: Final = re.compile(r"\.v(\d+)$")


def encode(envelope: Envelope) -> bytes:
    """Return the canonical bytes of an envelope."""
    attributes = envelope.__dict__
    parts: list[bytes] = []
    for name, prefix in _NAMES:
        text = attributes[name]
        if text is not None:
            value = text.encode()
            parts += (prefix, _LENGTH.pack(len(value)), value)
    return b"".join(parts)


def frame(values: Mapping[str, bytes]) -> bytes:
    """Return the canonical bytes of attributes that are UTF-8 already, as they come off the wire.

    Whoever calls has checked that they are an envelope's; others are left out.
    """
    parts: list[bytes] = []
    for name, prefix, heads in _HEADS:
        value = values.get(name)
        if value is not None:
            length = len(value)
            parts.append(heads[length] if length < _USUAL_LENGTHS else prefix + _LENGTH.pack(length))
            parts.append(value)
    return b"".join(parts)


def decode(canonical: bytes) -> Envelope:
    """Read canonical bytes back.

    Raises:
        ValueError: the bytes are not the canonical form of an envelope.
    """
    # Its attributes are text and complete: validating them again would cost more than reading them did.
    return Envelope.model_construct(**attributes(canonical))


def attributes(canonical: bytes) -> dict[str, Any]:
    """Return the attributes that canonical bytes have, by name; each is text.

    Raises:
        ValueError: the bytes are not the canonical form of an envelope.
    """
    names, values = split(canonical)
    return dict(zip(names, [value.decode() for value in values], strict=True))


def split(canonical: bytes) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
    """Return the names and the values that canonical bytes have; whether the values are UTF-8 was not looked at.

    Raises:
        ValueError: the bytes are not the canonical form of an envelope.
    """
    layouts = _LAYOUTS.get(len(canonical), ())
    for layout in layouts:
        parts = layout.struct.unpack(canonical)
        if parts[::2] == layout.heads:
            return layout.names, parts[1::2]
    names, values = _parsed(canonical)
    if len(_LAYOUTS) >= _MOST_LENGTHS or len(layouts) >= _MOST_LAYOUTS:
        _LAYOUTS.clear()
    _LAYOUTS[len(canonical)] = (*_LAYOUTS.get(len(canonical), ()), _layout_of(names, values))
    return names, values


def essentials(canonical: bytes) -> tuple[bytes, bytes, bytes]:
    """Return type, subject and stream version, as UTF-8: what whoever folds a whole log needs, and quickly.

    Raises:
        ValueError: the bytes are not the canonical form of an envelope.
    """
    _, values = split(canonical)
    if not canonical.isascii():
        for value in values:
            value.decode()
    return values[-1], values[-3], values[-4]


class _Layout(NamedTuple):
    """Where the values of an envelope stand. Most envelopes are laid out as another one before them was.

    Attributes:
        heads: what stands before each value: the name with its length, and the value's length.
    """

    struct: Struct
    heads: tuple[bytes, ...]
    names: tuple[str, ...]


_LAYOUTS: Final[dict[int, tuple[_Layout, ...]]] = {}
"""By the length of the whole, because a layout tells that."""
_MOST_LENGTHS: Final = 512
_MOST_LAYOUTS: Final = 16


def _layout_of(names: Sequence[str], values: Sequence[bytes]) -> _Layout:
    prefixes = dict(_NAMES)
    heads = tuple(prefixes[name] + _LENGTH.pack(len(value)) for name, value in zip(names, values, strict=True))
    lengths = "".join(f"{len(head)}s{len(value)}s" for head, value in zip(heads, values, strict=True))
    return _Layout(Struct(lengths), heads, tuple(names))


def _parsed(canonical: bytes) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
    names, values = [], []
    offset, end = 0, len(canonical)
    for name, prefix in _NAMES:
        if not canonical.startswith(prefix, offset):
            if name in _MAY_BE_ABSENT:
                continue
            raise ValueError(f"the envelope is not in canonical form: no {name} where it belongs")
        start = offset + len(prefix) + _LENGTH.size
        if start > end:
            raise ValueError("the envelope ends in the middle of a length")
        offset = start + _LENGTH.unpack_from(canonical, start - _LENGTH.size)[0]
        if offset > end:
            raise ValueError("the envelope ends in the middle of a value")
        names.append(name)
        values.append(canonical[start:offset])
    if offset != end:
        raise ValueError("the envelope is not in canonical form: more follows than belongs to it")
    return tuple(names), tuple(values)


def time_text(time: datetime) -> str:
    """Return a time as the envelope has it: RFC 3339, UTC, microseconds, ``Z``."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def schema_version(type_: str) -> int:
    """Return the schema version at the end of an event type's name.

    Raises:
        ValueError: the name does not end in ``.v<number>``.
    """
    match = _VERSION.search(type_)
    if match is None:
        raise ValueError(f"{type_!r} does not end in a version such as .v1")
    return int(match[1])


def envelope_of(source: Source, pending: PendingEvent, context: CommandContext, stream: str, version: int) -> Envelope:
    """Return the envelope of an event that is about to be stored as ``version`` of ``stream``."""
    return Envelope.model_construct(
        id=str(pending.id),
        source=source_uri(source),
        type=type_name(pending.event),
        subject=stream,
        streamversion=str(version),
        time=time_text(context.time),
        actor=context.actor,
        correlationid=str(context.correlation_id),
        causationid=str(context.causation_id) if context.causation_id else None,
    )
