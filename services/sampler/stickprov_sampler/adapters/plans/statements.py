"""What a commit must also do for the plan: keep notes and names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.records import SideStatement
from stickprov_sampler.adapters import sql
from stickprov_sampler.domain.note import Note
from stickprov_sampler.domain.staff.listing import Identified

SQL: Final = load_queries(sql.__name__, "plans.sql")


def keep_notes(notes: Mapping[str, Sequence[Note]], time: datetime) -> list[SideStatement]:
    """Return the statement that keeps notes, given by stream; none when there are none."""
    rows = [(note.note, note.salt, note.text, stream) for stream, kept in notes.items() for note in kept]
    if not rows:
        return []
    return [SideStatement(SQL["write_notes"], (*map(list, zip(*rows, strict=True)), time))]


def keep_names(people: Sequence[Identified]) -> SideStatement:
    """Return the statement that keeps whom pseudonyms stand for."""
    return SideStatement(
        SQL["keep_names"],
        (
            [person.pseudonym for person in people],
            [person.sign_in for person in people],
            [person.name for person in people],
            [person.email for person in people],
        ),
    )
