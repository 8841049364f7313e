"""From a stored type and bytes to an event model of today. An old version is upcast when read, never rewritten."""

from typing import Final, Literal

from pydantic import ValidationError

from stickprov_contracts.events import EVENT_TYPES, Event

_UNKNOWN: Final = "unknown event type {type}"
_UNFIT: Final = "{type} does not fit its schema"


class NotUnderstoodError(Exception):
    """The event's type or version is unknown here, or its data does not fit the type's schema."""


def understand(type_: str, data: bytes) -> Event:
    """Return the event that the bytes stand for.

    Raises:
        NotUnderstoodError: says why, without any of the event's values.
    """
    model = EVENT_TYPES.get(type_)
    if model is None:
        raise NotUnderstoodError(_UNKNOWN.format(type=type_))
    try:
        event: Event = model.__pydantic_validator__.validate_json(data)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, item["loc"])) + ": " + item["type"] for item in error.errors()[:5])
        raise NotUnderstoodError(f"{_UNFIT.format(type=type_)} ({places})") from None
    return event


def code_of(type_: str, reason: str) -> Literal["unknown-type", "invalid-data", "not-applied"]:
    """Return which kind of reason kept an event from being applied.

    It is told from the reason that was written down then: a release that understands the event today would hide it.
    """
    if _UNKNOWN.format(type=type_) in reason:
        return "unknown-type"
    return "invalid-data" if _UNFIT.format(type=type_) in reason else "not-applied"
