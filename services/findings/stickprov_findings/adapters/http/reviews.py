"""Routes of reviews, the same for every purpose: read one, start it, record, correct and withdraw its finding."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http import findings as api
from stickprov_findings.adapters.http.addresses import (
    CASE,
    PURPOSES,
    RECORDED,
    REVIEWERS,
    Cleared,
    Context,
    MaySee,
    Seen,
    etag,
    is_cleared,
    key_for,
    recorded,
)
from stickprov_findings.adapters.http.drafts import add_draft_routes
from stickprov_findings.adapters.http.given import found
from stickprov_findings.adapters.http.history import review_answer
from stickprov_findings.adapters.http.marks import add_mark_routes
from stickprov_findings.adapters.http.settlement import add_settlement_route
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.review.commands import (
    CorrectFinding,
    RecordFinding,
    ReviewKey,
    StartReview,
    WithdrawFinding,
)
from stickprov_findings.domain.review.entitlement import require_reader
from stickprov_findings.domain.review.refusals import CaseNotDrawnError
from stickprov_kernel.http.identity import Caller, Role, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.notes.keeping import typed

_READERS: Final[tuple[Role, ...]] = (*REVIEWERS, "coordinator", "auditor")
_SEE_EVERYTHING: Final = frozenset({"coordinator", "auditor"})


def review_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/reviews``, ``/v1/second-reviews`` and ``/v1/file-reviews``."""
    router = ServiceRouter()
    for purpose, path in PURPOSES.items():
        one = ServiceRouter(prefix=path, tags=[f"{purpose}s"])
        _add_reading(one, parts, purpose)
        _add_findings(one, parts, purpose)
        add_mark_routes(one, parts, purpose)
        add_draft_routes(one, parts, purpose)
        if purpose == "review":
            add_settlement_route(one, parts)
        # As they are: included, they would be built a second time.
        router.routes.extend(one.routes)
    return router


def _add_reading(router: APIRouter, parts: GetParts, purpose: api.Purpose) -> None:
    key_dependency = Depends(key_for(purpose))

    @router.get(CASE, summary="One case's review, with its history and what is needed to fill it in")
    async def read_review(
        key: Annotated[ReviewKey, key_dependency],
        caller: Annotated[Caller, Depends(require(*_READERS))],
        response: Response,
    ) -> api.Review:
        """Return the review as it stands and how it came to it; erased notes are null."""
        sees_everything = bool(caller.roles & _SEE_EVERYTHING)
        reviews = parts().reviews
        record = await reviews.read(key, caller.actor, cleared=is_cleared(caller), second=sees_everything)
        if record is None or record.review.case is None:
            raise CaseNotDrawnError(key)
        require_reader(key, caller.actor, record.review, record.review.case, sees_everything=sees_everything)
        versions = await reviews.versions(record)
        draft = await parts().drafts.find(key.stream, caller.actor) if record.has_draft else None
        response.headers["ETag"] = etag(record.review.version)
        return review_answer(key, record, versions, draft, caller=caller.actor, sees_everything=sees_everything)


def _add_findings(router: APIRouter, parts: GetParts, purpose: api.Purpose) -> None:
    key_dependency = Depends(key_for(purpose))

    @router.post(CASE + "/start", summary="Say that the case is being reviewed", **RECORDED)
    async def start_review(
        key: Annotated[ReviewKey, key_dependency], context: Context, cleared: Cleared, seen: MaySee
    ) -> Response:
        """Keep others from being given the case. Whoever has started already gets 200, and nothing is stored."""
        return recorded(await parts().desk.carry_out(context, StartReview(key, context.actor, seen), cleared=cleared))

    @router.post(CASE + "/finding", summary="Record the finding of a waiting case", **RECORDED)
    async def record_finding(
        key: Annotated[ReviewKey, key_dependency],
        context: Context,
        cleared: Cleared,
        body: api.RecordFinding,
        seen: MaySee,
    ) -> Response:
        """Record a finding. ``If-Match`` is welcome but not needed."""
        recording = RecordFinding(key, context.actor, found(body, context.time), seen)
        return recorded(await parts().desk.carry_out(context, recording, cleared=cleared))

    @router.post(CASE + "/correction", summary="Replace the finding of a reviewed case", **RECORDED)
    async def correct_finding(
        key: Annotated[ReviewKey, key_dependency],
        context: Context,
        cleared: Cleared,
        body: api.CorrectFinding,
        seen: Seen,
    ) -> Response:
        """Replace the whole finding, the comment too, for a reason. The first finding stays in the log."""
        correction = CorrectFinding(key, context.actor, found(body, context.time), typed(body.reason), seen)
        return recorded(await parts().desk.carry_out(context, correction, cleared=cleared))

    @router.post(CASE + "/withdrawal", summary="Take back the finding of a reviewed case", **RECORDED)
    async def withdraw_finding(
        key: Annotated[ReviewKey, key_dependency],
        context: Context,
        cleared: Cleared,
        body: api.WithdrawFinding,
        seen: Seen,
    ) -> Response:
        """Take back the finding for a reason; the case waits again."""
        withdrawal = WithdrawFinding(key, context.actor, typed(body.reason), seen)
        return recorded(await parts().desk.carry_out(context, withdrawal, cleared=cleared))
