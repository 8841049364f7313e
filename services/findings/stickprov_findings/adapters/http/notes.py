"""The route by which reporting reads the free texts that it prints.

What must not break: only a service may ask; a text that was erased is left out of the answer, and so is every text of a
case whose identity is protected: what a service prints goes anywhere.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Depends

from stickprov_contracts.http.notes import AskTexts, KeptText
from stickprov_findings.adapters.parts import GetParts, Parts
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.notes.keeping import kept

_OF_CASES: Final = ("review", "second-review", "file-review", "assignment")
"""Kinds of streams whose name ends with a case."""


def notes_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/notes/texts``."""
    router = ServiceRouter(prefix="/v1/notes", tags=["notes"], dependencies=[Depends(require("service"))])

    @router.post("/texts", summary="Free texts by note")
    async def read_texts(body: AskTexts) -> list[KeptText]:
        """Return those that may be printed and have not been erased, each once, in the order of their notes."""
        notes = await _printable(parts(), body.notes)
        found = await kept(parts().notes, parts().sealing, notes)
        return [KeptText(note=note.note, text=note.text, salt=note.salt.hex()) for note in found]

    return router


async def _printable(parts: Parts, notes: Sequence[UUID]) -> list[UUID]:
    """Return those of some notes that do not belong to a protected case."""
    streams = {row["note"]: row["stream"].split("/") for row in await parts.notes.fetch(SQL["streams"], list(notes))}
    of_cases = {note: stream[-1] for note, stream in streams.items() if stream[0] in _OF_CASES}
    protected = await parts.protections.now() if of_cases else frozenset()
    return [note for note in streams if of_cases.get(note) not in protected]
