"""Notes of a command whose questionnaire alone tells how many free texts it has."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from stickprov_kernel.notes.note import Note


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
