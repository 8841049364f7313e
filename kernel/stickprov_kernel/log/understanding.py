"""From a stored type and bytes to an event model of today. An old version is upcast when read, never rewritten."""

from pydantic import ValidationError

from stickprov_contracts.events import EVENT_TYPES, Event


class NotUnderstoodError(Exception):
    """The event's type or version is unknown here, or its data does not fit the type's schema."""


def understand(type_: str, data: bytes) -> Event:
    """Return the event that the bytes stand for.

    Raises:
        NotUnderstoodError: says why, without any of the event's values.
    """
    model = EVENT_TYPES.get(type_)
    if model is None:
        raise NotUnderstoodError(f"unknown event type {type_}")
    try:
        event: Event = model.__pydantic_validator__.validate_json(data)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, item["loc"])) + ": " + item["type"] for item in error.errors()[:5])
        raise NotUnderstoodError(f"{type_} does not fit its schema ({places})") from None
    return event
