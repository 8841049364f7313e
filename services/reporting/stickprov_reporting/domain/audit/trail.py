"""What an event is about, read from its bytes: for finding it again, whatever this release understands of it.

What must not break: an event that cannot be understood has its place in the trail too, with what can be read of it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from json import dumps
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from pydantic_core import from_json

from stickprov_kernel.log.envelope import attributes

TRAIL: Final = 1
"""Version of what is kept. Whoever changes what a mark means raises it, and the trail is made again."""

UNREADABLE: Final = "unreadable"
"""Stands for the type of an event whose envelope cannot be read."""

_CASE_BYTES: Final = 32
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

_Data: TypeAlias = Mapping[str, Any]


class PeriodMark(NamedTuple):
    """A period, its end excluded, and its label."""

    start: date
    end: date
    label: str


class Subject(NamedTuple):
    """What an event is about, as it says itself.

    Attributes:
        refers: a draw, an action or a series that it belongs to. is_draw: whether that is a draw.
    """

    refers: UUID | None = None
    is_draw: bool = False
    control_points: tuple[str, ...] = ()
    plan: str | None = None
    period: PeriodMark | None = None

    def key(self) -> bytes:
        """Return what tells it from every other."""
        return sha256(dumps(self, default=str).encode()).digest()


NOTHING: Final = Subject()


class Reference(NamedTuple):
    """What a draw, an action or a series is about."""

    id: UUID
    control_points: tuple[str, ...]
    plan: str | None = None
    period: PeriodMark | None = None


class Mark(NamedTuple):
    """An event of the trail.

    Attributes:
        kind: name of its type. time: None where it cannot be read.
        case: the 32 bytes of a pseudonym. references: what it tells of other things' subjects.
    """

    kind: str
    time: datetime | None
    actor: str
    subject: Subject
    case: bytes | None
    references: tuple[Reference, ...] = ()


def mark_of(envelope: bytes, data: bytes) -> Mark:
    """Return where an event belongs in the trail."""
    try:
        found = attributes(envelope)
    except ValueError:
        return Mark(UNREADABLE, None, "", NOTHING, None)
    kind = kind_of(found["type"])
    content = _content(data)
    case = _case(content.get("case"))
    actor = _text(found["actor"]) or ""
    return Mark(kind, _time(found["time"]), actor, subject_of(content), case, references_of(kind, content))


def kind_of(type_: str) -> str:
    """Return ``finding-recorded`` of ``stickprov.findings.finding-recorded.v1``."""
    parts = type_.split(".")
    return (_text(parts[-2]) if len(parts) > 1 else _text(type_)) or UNREADABLE


def subject_of(content: _Data) -> Subject:
    """Return what an event's content says it is about."""
    draw = _uuid(content.get("draw"))
    refers = draw or _uuid(content.get("action")) or _uuid(content.get("series"))
    points = _texts(content.get("control_points")) or _texts([content.get("control_point")])
    return Subject(refers, draw is not None, points, _text(content.get("plan")), _period(content.get("period")))


def references_of(kind: str, content: _Data) -> tuple[Reference, ...]:
    """Return what an event tells of a draw, an action or a series, beside itself."""
    points = _texts(content.get("control_points")) or _texts([content.get("control_point")])
    found = []
    if kind == "sample-drawn" and (draw := _uuid(content.get("draw"))):
        found.append(Reference(draw, points, None, _period(content.get("period"))))
    if kind in {"sample-drawn", "frame-frozen"} and (series := _uuid(content.get("series"))):
        found.append(Reference(series, points))
    if kind in {"action-proposed", "action-updated"} and (action := _uuid(content.get("action"))):
        found.append(Reference(action, points, _text(content.get("plan"))))
    return tuple(found)


def ordered_after(before: datetime, time: datetime | None) -> datetime:
    """Return the newest time of all events up to one."""
    return before if time is None else max(before, time)


def beginning() -> datetime:
    """Return a time before every event."""
    return _BEGINNING


def _content(data: bytes) -> _Data:
    try:
        content = from_json(data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _text(value: object) -> str | None:
    """Return a text that the database can hold."""
    if not isinstance(value, str) or "\x00" in value:
        return None
    return value or None


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    return tuple(dict.fromkeys(text for value in values if (text := _text(value)) is not None))


def _uuid(value: object) -> UUID | None:
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _case(value: object) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        found = bytes.fromhex(value)
    except ValueError:
        return None
    return found if len(found) == _CASE_BYTES else None


def _period(value: object) -> PeriodMark | None:
    if not isinstance(value, dict):
        return None
    label = _text(value.get("label"))
    try:
        start, end = date.fromisoformat(str(value.get("start"))), date.fromisoformat(str(value.get("end")))
    except ValueError:
        return None
    return PeriodMark(start, end, label or f"{start}/{end}")
