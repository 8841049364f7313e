"""Which case comes next for a reviewer: what they have begun themselves, then what waits for them.

What must not break: a case that is only looked at is not begun, so nobody is kept from it. It is begun when something
is kept of it, or when it was handed out to one of several who may take it.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from stickprov_client.api import Services
from stickprov_client.api.errors import ClientError
from stickprov_client.api.findings import ReviewKey
from stickprov_client.web.reviewing.addresses import QUEUE, CasePages, pages_of
from stickprov_contracts.http.findings import Purpose

_UNFINISHED: Final = 50


@dataclass(frozen=True)
class Upcoming:
    """What waits for a reviewer beside the present case.

    Attributes:
        case: None when nothing does.
        is_anybodys: nobody was given it, so another could be handed it too.
    """

    case: CasePages | None
    is_anybodys: bool = False

    @property
    def address(self) -> str:
        """The next case; the queue when there is none."""
        return self.case.case if self.case else QUEUE


async def upcoming_in(
    services: Services, purpose: Purpose, control_point: str | None, *, other_than: ReviewKey | None = None
) -> Upcoming:
    """Ask what the reviewer is to go on with: what they have begun, then what they were given, then what they may take.

    Args:
        services: of the reviewer.
        purpose: which reviews.
        control_point: None for any.
        other_than: a case that is just being sent.
    """
    found = await services.findings.next_case(purpose=purpose, control_point=control_point, other_than=other_than)
    return Upcoming(pages_of(found), is_anybodys=found.reviewer is None) if found else Upcoming(None)


async def upcoming_after(services: Services, present: ReviewKey) -> Upcoming:
    """Ask for the next case after one that is sent: of the same control point, then of any other.

    When the queue does not answer, its page will say so.
    """
    with suppress(ClientError):
        for control_point in (present.control_point, None):
            found = await upcoming_in(services, present.purpose, control_point, other_than=present)
            if found.case is not None:
                return found
    return Upcoming(None)


async def upcoming_beside(services: Services, present: ReviewKey) -> Upcoming:
    """Ask for the next case while the present one is left as it is: a new one, then the next that is unfinished.

    Else whoever leaves two cases unfinished would only ever be led from one to the other.
    """
    with suppress(ClientError):
        for control_point in (present.control_point, None):
            found = await _new(services, present, control_point) or await _unfinished(services, present, control_point)
            if found is not None:
                return found
    return Upcoming(None)


async def begin_with(services: Services, upcoming: Upcoming) -> None:
    """Keep others from being handed a case too. The review can be sent all the same when that fails."""
    if upcoming.case is not None and upcoming.is_anybodys:
        with suppress(ClientError):
            await services.findings.start(upcoming.case.key)


async def _new(services: Services, present: ReviewKey, control_point: str | None) -> Upcoming | None:
    # The present case may be one of the two.
    queue = await services.findings.queue(
        purpose=present.purpose, control_point=control_point, status="waiting", limit=2
    )
    found = next((item for item in queue.items if pages_of(item).key != present), None)
    return Upcoming(pages_of(found), is_anybodys=found.reviewer is None) if found else None


async def _unfinished(services: Services, present: ReviewKey, control_point: str | None) -> Upcoming | None:
    queue = await services.findings.queue(
        purpose=present.purpose, control_point=control_point, status="started", limit=_UNFINISHED
    )
    found = next_of([pages_of(item) for item in queue.items if item.has_draft], present)
    return Upcoming(found) if found else None


def next_of(cases: list[CasePages], present: ReviewKey) -> CasePages | None:
    """Return the case behind the present one, else the first other one."""
    keys = [pages.key for pages in cases]
    behind = cases[keys.index(present) + 1 :] if present in keys else []
    return next((pages for pages in [*behind, *cases] if pages.key != present), None)
