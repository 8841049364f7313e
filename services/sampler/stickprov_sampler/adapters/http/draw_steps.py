"""Routes of what happens to a draw after it was made: extension, replacement, the seed's revelation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from stickprov_contracts.http.draws import ExtendDraw, ReplaceCase, Replacement
from stickprov_contracts.http.sampler import Draw
from stickprov_kernel.http.commands import command
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.http.answers import REFUSED, REPEATED, created
from stickprov_sampler.adapters.parts import GetParts


def draw_steps_router(parts: GetParts) -> APIRouter:
    """Return the routes under one draw that change it."""
    router = APIRouter(prefix="/v1/draws", tags=["draws"])

    @router.post(
        "/{draw}/extension",
        summary="Draw the next tickets too",
        status_code=status.HTTP_201_CREATED,
        response_model=Draw,
        responses={200: {"model": Draw, "description": REPEATED}, **REFUSED},
    )
    async def extend_draw(
        draw: UUID, request: ExtendDraw, context: Annotated[CommandContext, Depends(command("coordinator"))]
    ) -> Response:
        """Make a simple draw, or the strata of a stratified one, larger."""
        return created(await parts().continuing.extend(context, draw, request))

    @router.post(
        "/{draw}/replacements",
        summary="Let a spare take a case's place",
        status_code=status.HTTP_201_CREATED,
        response_model=Replacement,
        responses={200: {"model": Replacement, "description": REPEATED}, **REFUSED},
    )
    async def replace_case(
        draw: UUID, request: ReplaceCase, context: Annotated[CommandContext, Depends(command("coordinator"))]
    ) -> Response:
        """Take a case out, with a reason; the next ticket of its stratum comes instead."""
        return created(await parts().continuing.replace(context, draw, request))

    @router.post(
        "/{draw}/revelation",
        summary="Reveal a draw's secret seed",
        status_code=status.HTTP_201_CREATED,
        response_model=Draw,
        responses={200: {"model": Draw, "description": REPEATED}, 409: REFUSED[409]},
    )
    async def reveal_seed(draw: UUID, context: Annotated[CommandContext, Depends(command("coordinator"))]) -> Response:
        """Put the seed into the log: every draw of the series that it served can be verified from now on."""
        return created(await parts().continuing.reveal(context, draw))

    return router
