"""Free text that may name a person: kept outside the log, where it can be erased.

What must not break: an event holds the reference alone, and the salt that its digest needs goes with the note.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from stickprov_contracts.events import NoteReference


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody typed, under a key and with 32 random bytes that arrive from outside."""

    note: UUID
    salt: bytes
    text: str

    def reference(self) -> NoteReference:
        """Return what an event may hold: the key, and the hex SHA-256 of salt and UTF-8 text."""
        return NoteReference(note=self.note, digest=sha256(self.salt + self.text.encode()).hexdigest())
