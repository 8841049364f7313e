"""Routes for cases that are not reviewed: over-coverage, non-response, and taking either back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http import findings as api
from stickprov_findings.adapters.http.addresses import CASE, RECORDED, Cleared, Context, MaySee, Seen, key_for, recorded
from stickprov_findings.adapters.http.given import comment
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.review.commands import MarkCase, ReopenReview, ReviewKey
from stickprov_kernel.notes.keeping import typed


def add_mark_routes(router: APIRouter, parts: GetParts, purpose: api.Purpose) -> None:
    """Add the routes of marks for a purpose."""
    key_dependency = Depends(key_for(purpose))

    async def mark(context: Context, marking: MarkCase, *, cleared: bool) -> Response:
        return recorded(await parts().desk.carry_out(context, marking, cleared=cleared))

    @router.post(CASE + "/over-coverage", summary="The case should not have been drawn", **RECORDED)
    async def mark_over_coverage(
        key: Annotated[ReviewKey, key_dependency],
        context: Context,
        cleared: Cleared,
        body: api.MarkCase,
        seen: MaySee,
    ) -> Response:
        """Mark a waiting case; a reviewed or marked one needs ``If-Match``, and its first outcome stays in the log."""
        marking = MarkCase(key, context.actor, "over-coverage", body.reason, comment(body.comment), seen)
        return await mark(context, marking, cleared=cleared)

    @router.post(CASE + "/non-response", summary="The case cannot be reviewed", **RECORDED)
    async def mark_non_response(
        key: Annotated[ReviewKey, key_dependency],
        context: Context,
        cleared: Cleared,
        body: api.MarkCase,
        seen: MaySee,
    ) -> Response:
        """Mark a waiting case; a reviewed or marked one needs ``If-Match``, and its first outcome stays in the log."""
        marking = MarkCase(key, context.actor, "non-response", body.reason, comment(body.comment), seen)
        return await mark(context, marking, cleared=cleared)

    @router.post(CASE + "/reopening", summary="Take back a mark", **RECORDED)
    async def reopen_review(
        key: Annotated[ReviewKey, key_dependency],
        context: Context,
        cleared: Cleared,
        body: api.ReopenReview,
        seen: Seen,
    ) -> Response:
        """Take back the mark for a reason; the case waits again."""
        reopening = ReopenReview(key, context.actor, typed(body.reason), seen)
        return recorded(await parts().desk.carry_out(context, reopening, cleared=cleared))
