"""Notes are written with the event that refers to them, or not at all."""

from collections.abc import Sequence
from datetime import datetime

from stickprov_findings.adapters.sql.statements import SQL
from stickprov_findings.domain.review.note import Note
from stickprov_kernel.log.records import SideStatement


def writing(notes: Sequence[Note], stream: str, time: datetime) -> list[SideStatement]:
    """Return what the commit must also do to keep these notes of a review; nothing when there are none."""
    if not notes:
        return []
    keys, salts, texts = zip(*((note.note, note.salt, note.text) for note in notes), strict=True)
    return [SideStatement(SQL["write_notes"], (keys, salts, texts, stream, time))]
