"""Routes that tell whether the caller may review a case; the sampler asks before it shows who the case is."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, status

from stickprov_contracts.http import findings as api
from stickprov_findings.adapters.http.addresses import CASE, PURPOSES, REVIEWERS, is_cleared, key_for
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.entitlement import require_entitled
from stickprov_findings.domain.review.refusals import CaseNotDrawnError
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter

_MAY: Final[dict[str, Any]] = {
    "status_code": status.HTTP_204_NO_CONTENT,
    "responses": {
        403: refused("`case-not-yours`"),
        404: refused("`case-not-drawn`"),
    },
}


def permission_router(parts: GetParts) -> APIRouter:
    """Return the routes of permission, one for each purpose."""
    router = ServiceRouter(tags=["reviews"])
    for purpose, path in PURPOSES.items():
        _permission(router, parts, purpose, path)
    return router


def _permission(router: APIRouter, parts: GetParts, purpose: api.Purpose, path: str) -> None:
    @router.get(
        f"{path}{CASE}/permission",
        summary="Whether the caller may review a case",
        operation_id=f"permission_{purpose.replace('-', '_')}",
        **_MAY,
    )
    async def read_permission(
        key: Annotated[ReviewKey, Depends(key_for(purpose))],
        caller: Annotated[Caller, Depends(require(*REVIEWERS))],
    ) -> None:
        """Answer with nothing when they may, else with why not."""
        record = await parts().reviews.read(key, caller.actor, cleared=is_cleared(caller))
        if record is None or record.review.case is None:
            raise CaseNotDrawnError(key)
        require_entitled(key, caller.actor, record.review, record.review.case)
