"""Route of the notices by e-mail."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http.notices import NoticesSent, SendNotices
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.parts import GetParts

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    409: refused("`notices-off`"),
    503: refused("`mail-server-unavailable`"),
}


def notices_router(parts: GetParts) -> APIRouter:
    """Return the route under ``/v1/notices``."""
    router = ServiceRouter(prefix="/v1/notices", tags=["notices"])

    @router.post(
        "",
        summary="Tell reviewers by e-mail that cases wait",
        response_model=NoticesSent,
        responses=_REFUSED,
    )
    async def send_notices(
        request: SendNotices, context: Annotated[CommandContext, Depends(command("coordinator"))]
    ) -> Response:
        """Send each reviewer how many cases wait and where. Nothing is said of the cases."""
        receipt = await parts().sending.send(context, request)
        return Response(receipt.answer, media_type="application/json")

    return router
