"""What the routes of reviews share: where a review is found, which version was seen, and how a command is answered."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Request, Response, status

from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.http import findings as api
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_kernel.errors import PreconditionRequiredError
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import CALLER, Caller, Role
from stickprov_kernel.log.records import CommandContext, Receipt

PURPOSES: Final[dict[api.Purpose, str]] = {
    "review": "/v1/reviews",
    "second-review": "/v1/second-reviews",
    "file-review": "/v1/file-reviews",
}
"""Under which path the reviews of each purpose are."""

CASE: Final = "/{draw}/{control_point}/{case}"

RECORDED: Final[dict[str, Any]] = {
    "status_code": status.HTTP_201_CREATED,
    "response_model": api.Recorded,
    "responses": {
        200: {"model": api.Recorded, "description": "It had been carried out before; this is the first answer"},
        403: refused("`case-not-yours`"),
        404: refused("`case-not-drawn`"),
        409: refused("It does not fit how the review stands; `current_version` says how"),
        412: refused("The review moved on after it was read; `current_version` says to what"),
    },
}


# Coroutines though they wait for nothing: FastAPI sends plain functions to a thread.
def key_for(purpose: api.Purpose) -> Callable[..., Awaitable[ReviewKey]]:
    """Return a dependency that gives the review of a purpose that the path names."""

    async def review_key(draw: UUID, control_point: ControlPointId, case: Hex256) -> ReviewKey:
        return ReviewKey(draw, control_point, case, purpose)

    return review_key


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


REVIEWERS: Final[tuple[Role, ...]] = ("reviewer", "protected-reviewer")
"""Who reviews; the second of them also cases whose identity is protected."""


def is_cleared(caller: Caller) -> bool:
    """Tell whether a caller is cleared for protected identities."""
    return "protected-reviewer" in caller.roles


async def _cleared(request: Request) -> bool:
    caller = request.scope.get(CALLER)
    return isinstance(caller, Caller) and is_cleared(caller)


Cleared = Annotated[bool, Depends(_cleared)]
Context = Annotated[CommandContext, Depends(command(*REVIEWERS))]
Seen = Annotated[int, Depends(seen_version)]
MaySee = Annotated[int | None, Depends(if_match)]


def recorded(receipt: Receipt) -> Response:
    """Return the answer to a command that was carried out, now or before."""
    version = api.Recorded.model_validate_json(receipt.answer).version
    return Response(
        content=receipt.answer,
        status_code=status.HTTP_200_OK if receipt.repeated else status.HTTP_201_CREATED,
        media_type="application/json",
        headers={"ETag": etag(version)},
    )


def etag(version: int) -> str:
    """Return a version as an ``ETag``."""
    return f'"{version}"'
