"""What all events share."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from stickprov_contracts.topics import Source


class Event(BaseModel):
    """A fact, in the past tense. Frozen; an unknown field is an error, because silence would lose it.

    Subclasses say which log they belong to, their kebab-case name and the version of their schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: ClassVar[Source]
    name: ClassVar[str]
    version: ClassVar[int] = 1


def type_name(event: type[Event] | Event) -> str:
    """Return the CloudEvents type of an event, such as ``stickprov.findings.finding-recorded.v1``."""
    return f"stickprov.{event.source}.{event.name}.v{event.version}"


class Period(BaseModel):
    """A half-open range of dates ``[start, end)`` and the label people know it by.

    Attributes:
        start: first day.
        end: first day that is no longer part of it.
        label: ``2021-03``, ``2021-Q1``, ``2021-T1``, ``2021`` or the two dates.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: date
    end: date
    label: str


class NoteReference(BaseModel):
    """Stands in an event for free text, which may name a person and can be erased.

    Attributes:
        note: key of the text in the service's note table.
        digest: hex SHA-256 of salt and text; the salt goes with the note.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: UUID
    digest: str = Field(pattern="^[0-9a-f]{64}$")
