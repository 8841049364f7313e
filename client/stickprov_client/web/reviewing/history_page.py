"""Everything that was ever recorded of a case: who, when, why, and what changed each time."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.language.translations import Language
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import CASE, CaseReader, NamedCase
from stickprov_client.web.reviewing.opening import open_to_read
from stickprov_client.web.reviewing.sheet import sheet_of
from stickprov_client.web.reviewing.told import Told, told
from stickprov_client.web.reviewing.typed import Fields, fields_of
from stickprov_contracts.http.findings import HistoryEntry, Review

_OUTCOMES: Final = frozenset({"recorded", "corrected", "settled", "over-coverage", "non-response"})


@dataclass(frozen=True)
class Step:
    """One event.

    Attributes:
        rows: what was said. changes: each field that is another than before, as it was and as it became.
    """

    entry: HistoryEntry
    rows: tuple[Told, ...] = ()
    changes: tuple[Told, ...] = ()


def history_router() -> APIRouter:
    """Return the page."""
    router = APIRouter(prefix=CASE)

    @router.get("/history")
    async def history(request: Request, services: Connected, session: CaseReader, pages: NamedCase) -> Response:
        language = language_of(request)
        reads_names = not session.roles.isdisjoint({"reviewer", "protected-reviewer"})
        opened = await open_to_read(services, pages, language, with_identity=reads_names)
        steps = steps_of(opened.review, language)
        return page(
            request,
            "review_history.html",
            opened=opened,
            pages=pages,
            review=opened.review,
            steps=list(reversed(steps)),
            names=await names_for(request, services),
        )

    return router


def steps_of(review: Review, language: Language) -> list[Step]:
    """Return the events in order, each outcome compared with the one before it, in the words it was answered in."""
    steps: list[Step] = []
    before: Fields | None = None
    for entry in review.history:
        if entry.what not in _OUTCOMES:
            steps.append(Step(entry))
            continue
        now = fields_of(entry, review.subunits, language)
        sheet = sheet_of(review, language, entry.questionnaire_number)
        rows = tuple(told(sheet, language, now))
        changes = tuple(row for row in told(sheet, language, before, now) if row.differs) if before is not None else ()
        steps.append(Step(entry, rows, changes))
        before = now
    return steps
