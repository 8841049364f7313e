"""Where the pages of one case are, and which case an address names."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final, get_args
from uuid import UUID

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from stickprov_client.api.findings import ReviewKey
from stickprov_client.web.access import only
from stickprov_client.web.sessions import Session
from stickprov_contracts.http.findings import Purpose, QueueItem

QUEUE: Final = "/queue"
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
"""Also the first part of an address."""
CASE: Final = "/{draw}/{control_point}/{case}"

Reviewer = Annotated[Session, Depends(only("reviewer", "protected-reviewer"))]
"""A route's parameter: the page is the reviewer's."""
CaseReader = Annotated[Session, Depends(only("reviewer", "protected-reviewer", "coordinator", "auditor"))]
"""A route's parameter: the page is for who may see what became of a case."""


@dataclass(frozen=True)
class CasePages:
    """The pages of one case under one control point of one draw, for one purpose."""

    key: ReviewKey

    @property
    def case(self) -> str:
        """The page to fill in, or what was recorded."""
        return f"/{self.key.purpose}/{self.key.draw}/{self.key.control_point}/{self.key.case}"

    @property
    def correction(self) -> str:
        """The form again, for a finding that was recorded."""
        return f"{self.case}/correction"

    @property
    def history(self) -> str:
        """Everything that was ever recorded."""
        return f"{self.case}/history"

    @property
    def settlement(self) -> str:
        """First and second review beside each other."""
        return f"{self.case}/settlement"

    @property
    def short_case(self) -> str:
        """Enough of the case's id to tell it from others of a draw."""
        return self.key.case[:8]


def named_case(request: Request, draw: str, control_point: str, case: str) -> CasePages:
    """Return the pages of the case that an address names; there is nothing at an address that names none."""
    purpose = request.url.path.split("/")[1]
    try:
        draw_id = UUID(draw)
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    for known in PURPOSES:
        if known == purpose:
            return CasePages(ReviewKey(draw_id, control_point, case, known))
    raise HTTPException(HTTPStatus.NOT_FOUND)


def pages_of(item: QueueItem) -> CasePages:
    """Return the pages of a case of the queue."""
    return CasePages(ReviewKey(item.draw, item.control_point, item.case, item.purpose))


def purpose_in(purpose: str = "") -> Purpose:
    """Return the purpose that an address names; the first review for any other."""
    return next((known for known in PURPOSES if known == purpose), "review")


NamedPurpose = Annotated[Purpose, Depends(purpose_in)]
"""A route's parameter: the purpose that its address names."""
NamedCase = Annotated[CasePages, Depends(named_case)]
"""A route's parameter: the case that its address names."""
