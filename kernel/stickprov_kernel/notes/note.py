"""A note: what somebody typed, and what stands in an event for it.

What must not break: an event holds a note's reference alone, and nobody can guess the text from the digest once the
note is gone, because the salt goes with it.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from stickprov_contracts.events import NoteReference


@dataclass(frozen=True, slots=True)
class Note:
    """A text under its key and with 32 random bytes; both arrive from outside."""

    note: UUID
    salt: bytes
    text: str

    @property
    def reference(self) -> NoteReference:
        """What stands in an event for this note: its key and the hex SHA-256 of salt and UTF-8 text."""
        return NoteReference(note=self.note, digest=sha256(self.salt + self.text.encode()).hexdigest())
