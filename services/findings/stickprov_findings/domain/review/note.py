"""Free text. It may name a person, so it lives outside the log, where it can be erased.

What must not break: an event holds a note's reference only, and nobody can guess the text from the digest once the
note is gone, because the salt goes with it.
"""

import hashlib
import hmac
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


@dataclass(frozen=True, slots=True)
class NoteKeys:
    """Makes notes of one command's free texts, of which only the questionnaire tells how many there are.

    Key and salt of each are HMAC-SHA-256 of its place under ``secret``: 32 random bytes that arrive with the command
    and are kept nowhere, so an erased note's salt cannot be had from another's.
    """

    secret: bytes

    def note(self, place: str, text: str) -> Note:
        """Return the note for a text; ``place`` tells it from the command's others."""
        return Note(UUID(bytes=self._part("note", place)[:16], version=4), self._part("salt", place), text)

    def _part(self, what: str, place: str) -> bytes:
        return hmac.digest(self.secret, f"{what}:{place}".encode(), "sha256")
