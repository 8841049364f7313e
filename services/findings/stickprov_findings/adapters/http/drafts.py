"""Routes of drafts: what a reviewer has filled in so far, seen by nobody else."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response, status

from stickprov_contracts.http import findings as api
from stickprov_findings.adapters.http.addresses import CASE, REVIEWERS, Seen, etag, is_cleared, key_for
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.adapters.sql.drafts import NoDraftError
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.entitlement import require_reader
from stickprov_findings.domain.review.refusals import CaseErasedError, CaseNotDrawnError
from stickprov_kernel.errors import TooLargeError
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, require

LARGEST: Final = 200_000
"""Characters of a draft as JSON."""

_MISSING: Final[dict[int | str, dict[str, Any]]] = {404: refused("`no-draft`")}
_NOT_SAVED: Final[dict[int | str, dict[str, Any]]] = {
    403: refused("`case-not-yours`"),
    404: refused("`case-not-drawn`"),
    409: refused("`case-erased`"),
    412: refused("Another tab saved a newer draft; `current_version` says which"),
}

Writer = Annotated[Caller, Depends(require(*REVIEWERS, "coordinator"))]


def add_draft_routes(router: APIRouter, parts: GetParts, purpose: api.Purpose) -> None:
    """Add the routes of drafts for a purpose."""
    key_dependency = Depends(key_for(purpose))

    @router.get(CASE + "/draft", summary="What you have filled in so far", responses=_MISSING)
    async def read_draft(key: Annotated[ReviewKey, key_dependency], caller: Writer, response: Response) -> api.Draft:
        """Return the caller's own draft."""
        draft = await parts().drafts.find(key.stream, caller.actor)
        if draft is None or await parts().protections.hide(key.case, cleared=is_cleared(caller)):
            raise NoDraftError
        response.headers["ETag"] = etag(draft.version)
        return draft

    @router.put(CASE + "/draft", summary="Keep what you have filled in so far", responses=_NOT_SAVED)
    async def save_draft(
        key: Annotated[ReviewKey, key_dependency],
        caller: Writer,
        body: api.SaveDraft,
        seen: Seen,
        response: Response,
    ) -> api.Draft:
        """Keep a draft; ``If-Match`` holds its version that was seen, ``"0"`` for none."""
        if len(json.dumps(body.fields)) > LARGEST:
            raise TooLargeError(f"A draft takes {LARGEST} characters at most. Shorten the longest text.")
        await _require_writer(parts, key, caller)
        draft = await parts().drafts.save(key.stream, caller.actor, body, seen, datetime.now(UTC))
        response.headers["ETag"] = etag(draft.version)
        return draft

    @router.delete(CASE + "/draft", summary="Forget what you have filled in", status_code=status.HTTP_204_NO_CONTENT)
    async def drop_draft(key: Annotated[ReviewKey, key_dependency], caller: Writer) -> None:
        """Forget the caller's own draft; nothing happens where there is none."""
        await parts().drafts.drop(key.stream, caller.actor)


async def _require_writer(parts: GetParts, key: ReviewKey, caller: Caller) -> None:
    """Refuse whoever could not read the review."""
    coordinates = "coordinator" in caller.roles
    record = await parts().reviews.read(key, caller.actor, cleared=is_cleared(caller), second=coordinates)
    if record is None or record.review.case is None:
        raise CaseNotDrawnError(key)
    require_reader(key, caller.actor, record.review, record.review.case, sees_everything=coordinates)
    if record.review.case.erased:
        raise CaseErasedError(record.review.version)
