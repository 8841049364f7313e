"""Routes of one review: read it, record, correct and withdraw its finding."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.http import findings as api
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.problems import FieldProblem, Problem
from stickprov_findings.adapters.desk import typed
from stickprov_findings.adapters.http.history import review_answer
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.review.commands import CorrectFinding, RecordFinding, ReviewKey, WithdrawFinding
from stickprov_findings.domain.review.note import Note
from stickprov_findings.domain.review.refusals import CaseNotDrawnError, CaseNotYoursError
from stickprov_kernel.errors import BadInputError, PreconditionRequiredError
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.log.records import CommandContext, Receipt

_READERS: Final = ("reviewer", "coordinator", "auditor")
_SEE_EVERYTHING: Final = frozenset({"coordinator", "auditor"})
_PATH: Final = "/v1/reviews/{draw}/{control_point}/{case}"
_RECORDED: Final[dict[str, Any]] = {
    "status_code": status.HTTP_201_CREATED,
    "response_model": api.Recorded,
    "responses": {
        200: {"model": api.Recorded, "description": "It had been carried out before; this is the first answer"},
        403: {"model": Problem, "description": "`case-not-yours`"},
        404: {"model": Problem, "description": "`case-not-drawn`"},
        409: {"model": Problem, "description": "It does not fit how the review stands; `current_version` says how"},
        412: {"model": Problem, "description": "The review moved on after it was read; `current_version` says to what"},
    },
}


# Coroutines though they wait for nothing: FastAPI sends plain functions to a thread.
async def review_key(draw: UUID, control_point: ControlPointId, case: Hex256) -> ReviewKey:
    """Return the review that the path names."""
    return ReviewKey(draw, control_point, case)


async def seen_version(seen: Annotated[int | None, Depends(if_match)]) -> int:
    """Return the version in ``If-Match``.

    Raises:
        PreconditionRequiredError: there is none.
    """
    if seen is None:
        raise PreconditionRequiredError(
            'Send the version you saw as If-Match, such as If-Match: "1"; it is the ETag of the review.'
        )
    return seen


Key = Annotated[ReviewKey, Depends(review_key)]
Context = Annotated[CommandContext, Depends(command("reviewer"))]


def review_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/reviews``."""
    router = APIRouter(tags=["reviews"])

    @router.get(_PATH, summary="One case's review with its history")
    async def read_review(
        key: Key, caller: Annotated[Caller, Depends(require(*_READERS))], response: Response
    ) -> api.Review:
        """Return the review as it stands and how it came to it; erased notes are null."""
        record = await parts().reviews.read(key)
        if record is None or record.review.case is None:
            raise CaseNotDrawnError(key)
        if record.review.case.handler not in {None, caller.actor} and not caller.roles & _SEE_EVERYTHING:
            raise CaseNotYoursError
        response.headers["ETag"] = _etag(record.review.version)
        return review_answer(key, record)

    @router.post(_PATH + "/finding", summary="Record the finding of a waiting case", **_RECORDED)
    async def record_finding(
        key: Key,
        context: Context,
        body: api.RecordFinding,
        seen: Annotated[int | None, Depends(if_match)],
    ) -> Response:
        """Record a finding. ``If-Match`` is welcome but not needed."""
        categories = tuple(body.categories)
        recording = RecordFinding(key, context.actor, _stated(body.remark), categories, _comment(body.comment), seen)
        return _recorded(await parts().desk.carry_out(context, recording))

    @router.post(_PATH + "/correction", summary="Replace the finding of a reviewed case", **_RECORDED)
    async def correct_finding(
        key: Key,
        context: Context,
        body: api.CorrectFinding,
        seen: Annotated[int, Depends(seen_version)],
    ) -> Response:
        """Replace the whole finding, the comment too, for a reason. The first finding stays in the log."""
        correction = CorrectFinding(
            review=key,
            actor=context.actor,
            remark=_stated(body.remark),
            reason=typed(body.reason),
            categories=tuple(body.categories),
            comment=_comment(body.comment),
            seen=seen,
        )
        return _recorded(await parts().desk.carry_out(context, correction))

    @router.post(_PATH + "/withdrawal", summary="Take back the finding of a reviewed case", **_RECORDED)
    async def withdraw_finding(
        key: Key,
        context: Context,
        body: api.WithdrawFinding,
        seen: Annotated[int, Depends(seen_version)],
    ) -> Response:
        """Take back the finding for a reason; the case waits again."""
        withdrawal = WithdrawFinding(key, context.actor, typed(body.reason), seen)
        return _recorded(await parts().desk.carry_out(context, withdrawal))

    return router


def _stated(remark: bool | None) -> bool:
    """Return whether there is a remark.

    Raises:
        BadInputError: the reviewer did not say.
    """
    if remark is None:
        problem = FieldProblem(field="remark", code="remark-missing", message="Say whether there is a remark.")
        raise BadInputError("Nothing was stored. Put right: remark.", errors=[problem])
    return remark


def _comment(text: str | None) -> Note | None:
    """Return a note for a comment; blanks alone are none."""
    return typed(text) if text and text.strip() else None


def _recorded(receipt: Receipt) -> Response:
    version = api.Recorded.model_validate_json(receipt.answer).version
    return Response(
        content=receipt.answer,
        status_code=status.HTTP_200_OK if receipt.repeated else status.HTTP_201_CREATED,
        media_type="application/json",
        headers={"ETag": _etag(version)},
    )


def _etag(version: int) -> str:
    return f'"{version}"'
