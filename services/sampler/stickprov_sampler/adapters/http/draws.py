"""Routes of the draws: preview and make one, list, show, verify, repeat."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http.draws import DrawPreview, DrawSql, PreviewDraw, ReplacedCase
from stickprov_contracts.http.sampler import Draw, DrawnCase, DrawVerification, MakeDraw
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.draws.showing import replaced_cases, shown
from stickprov_sampler.adapters.http.answers import REFUSED, created, creating
from stickprov_sampler.adapters.http.control_points import EVERYBODY
from stickprov_sampler.adapters.parts import GetParts
from stickprov_sampler.domain.draw.drawing import drawn_cases

_EXAMINERS = Depends(require("coordinator", "auditor"))


def draws_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/draws``."""
    router = ServiceRouter(prefix="/v1/draws", tags=["draws"])

    @creating(router, "", "Draw a sample from a frozen frame", Draw)
    async def make_draw(
        request: MakeDraw, context: Annotated[CommandContext, Depends(command("coordinator"))]
    ) -> Response:
        """Draw the units with the smallest tickets. The seed is made after the frame has its place in the log."""
        return created(await parts().drawing.draw(context, request))

    @router.post(
        "/preview",
        summary="Look at a draw before it is made",
        dependencies=[Depends(require("coordinator"))],
        responses={422: REFUSED[422]},
    )
    async def preview_draw(request: PreviewDraw) -> DrawPreview:
        """Return the allocation, the expected precision and what to think of; nothing is stored."""
        return await parts().previewing.preview(request)

    @router.get("", summary="All draws", dependencies=[Depends(require(*EVERYBODY))])
    async def list_draws() -> list[Draw]:
        """Return every draw, oldest first."""
        return await parts().lists.draws()

    @router.get("/{draw}", summary="One draw", dependencies=[Depends(require(*EVERYBODY))])
    async def read_draw(draw: UUID) -> Draw:
        """Return a draw: from what, how, with which seed, and where the log proves it."""
        return (await shown(parts().store, parts().reader, draw)).draw

    @router.get("/{draw}/cases", summary="A draw's cases with their tickets", dependencies=[_EXAMINERS])
    async def read_cases(draw: UUID) -> list[DrawnCase]:
        """Return the drawn cases in the order in which they were drawn."""
        found = await shown(parts().store, parts().reader, draw)
        return drawn_cases(found.state, found.seed)

    @router.get("/{draw}/replacements", summary="A draw's replaced cases and why", dependencies=[_EXAMINERS])
    async def read_replacements(draw: UUID) -> list[ReplacedCase]:
        """Return the replacements, oldest first; a note that has been erased is null."""
        return await replaced_cases(parts().store, parts().pool, parts().sealing, draw)

    @router.get("/{draw}/verification", summary="Compute a draw again", dependencies=[_EXAMINERS])
    async def verify_draw(draw: UUID) -> DrawVerification:
        """Return each thing that was checked and the first difference, if there is one."""
        return await parts().verifying.verify(draw)

    @router.get("/{draw}/sql", summary="The SQL that repeats a draw", dependencies=[_EXAMINERS])
    async def read_sql(draw: UUID) -> DrawSql:
        """Return a statement that runs as it is in DuckDB beside the frame file; 409 while the seed is secret."""
        return await parts().verifying.sql(draw)

    return router
