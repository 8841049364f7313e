"""What a page about one case begins with: the review, who the case is, the draft and how far the reviewer has come.

All is asked at the same time. Who the case is comes from the vault, and each showing is recorded there; a page works
without it and says so.
"""

import asyncio
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.errors import ClientError
from stickprov_client.language.translations import Language, marked
from stickprov_client.web.reviewing.addresses import CasePages
from stickprov_client.web.reviewing.sheet import Sheet, sheet_of
from stickprov_contracts.http.findings import Draft, HistoryEntry, Queue, Review
from stickprov_contracts.http.sampler import ShowIdentity

_REFUSED: Final = marked("You may not see who this case is. Look it up by its place in the list you were given.")
_ERASED: Final = marked(
    "Who this case is has been erased; what was found of it stays, and nothing more is written about it."
)
_AWAY: Final = marked("Who this case is cannot be shown just now. You can answer all the same, or reload in a moment.")
_OUTCOMES: Final = frozenset({"recorded", "corrected", "settled", "over-coverage", "non-response"})


@dataclass(frozen=True)
class Identity:
    """Who a case is.

    Attributes:
        number: as the register has it; empty when it cannot be shown. fields: name and value.
        protected: whether the identity is protected, so that it goes no further.
        why_not: why it cannot be shown, to be translated; empty where it is, or where nobody asked.
    """

    number: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    why_not: str = ""
    protected: bool = False


@dataclass(frozen=True)
class OpenedCase:
    """One case with everything its page shows.

    Attributes:
        progress: counts of the cases beside it, where they could be read.
    """

    pages: CasePages
    review: Review
    sheet: Sheet
    identity: Identity
    progress: Queue | None = None

    @property
    def draft(self) -> Draft | None:
        """What the person at the page has begun."""
        return self.review.draft

    @property
    def is_waiting(self) -> bool:
        """Whether there is still something to be done."""
        return self.review.status in {"waiting", "started"}

    @property
    def latest(self) -> HistoryEntry | None:
        """What holds now: the newest outcome; None while the case waits."""
        if self.is_waiting:
            return None
        return next((entry for entry in reversed(self.review.history) if entry.what in _OUTCOMES), None)


async def open_to_fill_in(services: Services, pages: CasePages, language: Language) -> OpenedCase:
    """Open a case for its reviewer."""
    opened, progress = await asyncio.gather(open_to_read(services, pages, language), _progress_around(services, pages))
    return replace(opened, progress=progress)


async def open_to_read(
    services: Services, pages: CasePages, language: Language, *, with_identity: bool = True
) -> OpenedCase:
    """Open a case; who it is only where that is needed."""
    asked = identity_of(services, pages) if with_identity else _nobody()
    review, identity = await asyncio.gather(services.findings.review(pages.key), asked)
    return OpenedCase(pages, review, sheet_of(review, language), identity)


async def identity_of(services: Services, pages: CasePages) -> Identity:
    """Return who a case is, or why that cannot be shown."""
    try:
        why = ShowIdentity(control_point=pages.key.control_point, why=pages.key.purpose)
        shown = await services.sampler.identity(pages.key.draw, pages.key.case, why)
    except ApiProblem as error:
        if error.problem.code == "identity-erased":
            return Identity(why_not=_ERASED)
        refused = error.problem.status == HTTPStatus.FORBIDDEN
        return Identity(why_not=_REFUSED if refused else _AWAY)
    except ClientError:
        return Identity(why_not=_AWAY)
    others = tuple((name, value) for name, value in shown.fields.items() if value and value != shown.unit_id)
    return Identity(shown.unit_id, others, protected=shown.protected)


async def _nobody() -> Identity:
    return Identity()


async def _progress_around(services: Services, pages: CasePages) -> Queue | None:
    try:
        return await services.findings.queue(
            purpose=pages.key.purpose, control_point=pages.key.control_point, status="waiting", limit=1
        )
    except ClientError:
        return None
