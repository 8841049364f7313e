"""The route by which reporting reads the free texts that it prints.

What must not break: only a service may ask; a text that was erased is left out of the answer.
"""

from fastapi import APIRouter, Depends

from stickprov_contracts.http.notes import AskTexts, KeptText
from stickprov_findings.adapters.parts import GetParts
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.notes.keeping import kept


def notes_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/notes/texts``."""
    router = ServiceRouter(prefix="/v1/notes", tags=["notes"], dependencies=[Depends(require("service"))])

    @router.post("/texts", summary="Free texts by note")
    async def read_texts(body: AskTexts) -> list[KeptText]:
        """Return those that have not been erased, each once, in the order of their notes."""
        found = await kept(parts().notes, parts().sealing, body.notes)
        return [KeptText(note=note.note, text=note.text, salt=note.salt.hex()) for note in found]

    return router
