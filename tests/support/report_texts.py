"""Free texts as findings keeps them, and the route by which it answers them to reporting."""

from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends

from stickprov_contracts.events import NoteReference
from stickprov_contracts.http.notes import AskTexts, KeptText
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.notes.note import Note
from stickprov_reporting.domain.reports.material import Kept

SALT = sha256(b"salt").digest()


@dataclass
class Notes:
    """The note table of findings, in memory."""

    kept: dict[UUID, Note] = field(default_factory=dict)

    def write(self, text: str) -> NoteReference:
        """Keep a text and return what stands for it in an event."""
        note = Note(uuid4(), SALT, text)
        self.kept[note.note] = note
        return note.reference

    def erase(self, reference: NoteReference) -> None:
        del self.kept[reference.note]

    def alter(self, reference: NoteReference, text: str) -> None:
        """Change a text behind the log's back."""
        self.kept[reference.note] = Note(reference.note, SALT, text)

    def texts(self) -> dict[UUID, Kept]:
        """Return what reporting reads."""
        return {key: Kept(note.text, note.salt) for key, note in self.kept.items()}

    def router(self) -> APIRouter:
        """Return the route as findings has it."""
        router = ServiceRouter(prefix="/v1/notes", dependencies=[Depends(require("service"))])

        @router.post("/texts")
        async def read_texts(body: AskTexts) -> list[KeptText]:
            found = [self.kept[key] for key in body.notes if key in self.kept]
            return [KeptText(note=note.note, text=note.text, salt=note.salt.hex()) for note in found]

        return router
