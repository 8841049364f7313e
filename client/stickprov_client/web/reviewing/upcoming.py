"""Which case comes next for a reviewer: one that nobody has begun, then what they themselves left unfinished."""

from dataclasses import dataclass
from typing import Final

from stickprov_client.api import Services
from stickprov_client.api.errors import ClientError
from stickprov_client.api.findings import ReviewKey
from stickprov_client.web.reviewing.addresses import QUEUE, CasePages, pages_of

_UNFINISHED: Final = 50


@dataclass(frozen=True)
class Upcoming:
    """What waits for a reviewer beside the present case.

    Attributes:
        case: None when nothing does.
    """

    case: CasePages | None

    @property
    def address(self) -> str:
        """The next case; the queue when there is none."""
        return self.case.case if self.case else QUEUE


async def upcoming_after(services: Services, present: ReviewKey) -> Upcoming:
    """Ask for the next case: of the same control point, then of any other.

    When the queue does not answer, its page will say so.
    """
    try:
        for control_point in (present.control_point, None):
            found = await _new(services, present, control_point) or await _unfinished(services, present, control_point)
            if found is not None:
                return Upcoming(found)
    except ClientError:
        pass
    return Upcoming(None)


async def _new(services: Services, present: ReviewKey, control_point: str | None) -> CasePages | None:
    # The present case may be one of the two.
    queue = await services.findings.queue(
        purpose=present.purpose, control_point=control_point, status="waiting", limit=2
    )
    return next((pages for pages in map(pages_of, queue.items) if pages.key != present), None)


async def _unfinished(services: Services, present: ReviewKey, control_point: str | None) -> CasePages | None:
    queue = await services.findings.queue(
        purpose=present.purpose, control_point=control_point, status="started", limit=_UNFINISHED
    )
    return next_of([pages_of(item) for item in queue.items if item.has_draft], present)


def next_of(cases: list[CasePages], present: ReviewKey) -> CasePages | None:
    """Return the case behind the present one, else the first other one."""
    keys = [pages.key for pages in cases]
    behind = cases[keys.index(present) + 1 :] if present in keys else []
    return next((pages for pages in [*behind, *cases] if pages.key != present), None)
