"""An event as the bundle has it, read strictly: the one form whose bytes were hashed.

What must not break, for ever: the canonical envelope (the attributes below in this order, absent ones left out, each as
``length(name) || name || length(value) || value`` with 4-byte big-endian lengths) and the leaf over it and the data.
"""

import json
import re
from collections.abc import Mapping
from struct import Struct
from typing import Any, Final, NamedTuple

from stickprov_client.bundle.verifying.told import Different, Sentence, log_name
from stickprov_client.bundle.verifying.tree import leaf_hash

_LENGTH: Final = Struct(">I")
_ATTRIBUTES: Final = (
    "actor",
    "causationid",
    "correlationid",
    "datacontenttype",
    "id",
    "source",
    "specversion",
    "streamversion",
    "subject",
    "time",
    "type",
)
_HEADS: Final = tuple((name, _LENGTH.pack(len(name)) + name.encode()) for name in _ATTRIBUTES)
_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_FORMS: Final = {
    "actor": re.compile(r"[^\x00-\x1f]+"),
    "causationid": re.compile(_UUID),
    "correlationid": re.compile(_UUID),
    "datacontenttype": re.compile(r"application/json"),
    "id": re.compile(_UUID),
    "specversion": re.compile(r"1\.0"),
    "streamversion": re.compile(r"[1-9][0-9]{0,17}"),
    "subject": re.compile(r"[^\x00-\x1f]+"),
    "time": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"),
}
_TYPE: Final = re.compile(r"stickprov\.([a-z]+)\.([a-z0-9-]+)\.v([1-9][0-9]*)")

NO_EVENT: Final = Sentence(
    "Line %(line)s of the events of %(log)s is not an event: %(why)s.",
    "Rad %(line)s bland händelserna i %(log)s är ingen händelse: %(why)s.",
)
NOT_JSON: Final = Sentence("it is not JSON", "det är inte JSON")
OTHER_PARTS: Final = Sentence(
    "it does not have exactly position, envelope and data", "den har inte just position, envelope och data"
)
NO_DATA: Final = Sentence("its data is no JSON object", "dess data är inget JSON-objekt")
NOT_CANONICAL: Final = Sentence(
    "The event at position %(position)s of %(log)s is not in canonical form: its %(attribute)s is “%(found)s”.",
    "Händelsen på position %(position)s i %(log)s är inte i kanonisk form: dess %(attribute)s är ”%(found)s”.",
)


class Event(NamedTuple):
    """One event.

    Attributes:
        source: whose log. name: such as ``finding-recorded``. version: of its schema.
        stream, number: which stream, and the event's number in it.
        leaf: its leaf hash, computed. data: its content.
    """

    source: str
    position: int
    name: str
    version: int
    stream: str
    number: int
    time: str
    leaf: bytes
    data: Mapping[str, Any]


def read_event(source: str, line: bytes, number: int) -> Event:
    """Read a line.

    Raises:
        Different: it is no event in the one form that an event has.
    """
    try:
        told = json.loads(line)
    except ValueError:
        raise Different(NO_EVENT, line=number, log=log_name(source), why=NOT_JSON) from None
    if not isinstance(told, dict) or told.keys() != {"position", "envelope", "data"}:
        raise Different(NO_EVENT, line=number, log=log_name(source), why=OTHER_PARTS)
    position, envelope, text = told["position"], told["envelope"], told["data"]
    if type(position) is not int or not isinstance(envelope, dict) or not isinstance(text, str):
        raise Different(NO_EVENT, line=number, log=log_name(source), why=OTHER_PARTS)
    kind = _checked(source, position, envelope)
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Different(NO_EVENT, line=number, log=log_name(source), why=NO_DATA)
    return Event(
        source,
        position,
        kind[2],
        int(kind[3]),
        envelope["subject"],
        int(envelope["streamversion"]),
        envelope["time"],
        leaf_hash(canonical(envelope), text.encode()),
        data,
    )


def canonical(envelope: Mapping[str, str]) -> bytes:
    """Return the canonical bytes of an envelope."""
    parts: list[bytes] = []
    for name, head in _HEADS:
        value = envelope.get(name)
        if value is not None:
            raw = value.encode()
            parts += (head, _LENGTH.pack(len(raw)), raw)
    return b"".join(parts)


def _checked(source: str, position: int, envelope: Mapping[str, Any]) -> re.Match[str]:
    """Return the parts of the event's type, after every attribute was found to have its form."""
    for name in envelope:
        if name not in _ATTRIBUTES:
            raise Different(
                NOT_CANONICAL, position=position, log=log_name(source), attribute=name, found=envelope[name]
            )
    for name, form in _FORMS.items():
        value = envelope.get(name)
        if value is None and name == "causationid" and name not in envelope:
            continue
        if not isinstance(value, str) or not form.fullmatch(value):
            raise Different(NOT_CANONICAL, position=position, log=log_name(source), attribute=name, found=value)
    if envelope.get("source") != f"/stickprov/{source}":
        raise Different(
            NOT_CANONICAL, position=position, log=log_name(source), attribute="source", found=envelope.get("source")
        )
    type_ = envelope.get("type")
    kind = _TYPE.fullmatch(type_) if isinstance(type_, str) else None
    if kind is None or kind[1] != source:
        raise Different(NOT_CANONICAL, position=position, log=log_name(source), attribute="type", found=type_)
    return kind
