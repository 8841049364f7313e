"""Free text. It may name a person, so it lives outside the log, where it can be erased.

What must not break: an event holds a note's reference only, and nobody can guess the text from the digest once the
note is gone, because the salt goes with it.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events import NoteReference


@dataclass(frozen=True, slots=True)
class Note:
    """A text somebody typed, with its key and 32 random bytes; both arrive from outside."""

    note: UUID
    salt: bytes
    text: str

    @property
    def reference(self) -> NoteReference:
        """What stands in an event for this note: its key and the hex SHA-256 of salt and UTF-8 text."""
        return NoteReference(note=self.note, digest=hashlib.sha256(self.salt + self.text.encode()).hexdigest())
