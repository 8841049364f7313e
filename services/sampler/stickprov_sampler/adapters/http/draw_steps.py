"""Routes of what happens to a draw after it was made: extension, replacement, the seed's revelation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http.draws import ExtendDraw, ReplaceCase, Replacement
from stickprov_contracts.http.sampler import Draw
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.http.answers import REFUSED, created, creating
from stickprov_sampler.adapters.parts import GetParts

_Context = Annotated[CommandContext, Depends(command("coordinator"))]


def draw_steps_router(parts: GetParts) -> APIRouter:
    """Return the routes under one draw that change it."""
    router = ServiceRouter(prefix="/v1/draws/{draw}", tags=["draws"])

    @creating(router, "/extension", "Draw the next tickets too", Draw)
    async def extend_draw(draw: UUID, request: ExtendDraw, context: _Context) -> Response:
        """Make a simple draw, or the strata of a stratified one, larger."""
        return created(await parts().continuing.extend(context, draw, request))

    @creating(router, "/replacements", "Let a spare take a case's place", Replacement)
    async def replace_case(draw: UUID, request: ReplaceCase, context: _Context) -> Response:
        """Take a case out, with a reason; the next ticket of its stratum comes instead."""
        return created(await parts().continuing.replace(context, draw, request))

    @creating(router, "/revelation", "Reveal a draw's secret seed", Draw, refused={409: REFUSED[409]})
    async def reveal_seed(draw: UUID, context: _Context) -> Response:
        """Put the seed into the log: every draw of the series that it served can be verified from now on."""
        return created(await parts().continuing.reveal(context, draw))

    return router
