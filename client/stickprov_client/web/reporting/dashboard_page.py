"""The dashboard: what a board sees of a year at one look, kept fresh while it is open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ClientError, Services
from stickprov_client.language.periods import DateRange, whole_months
from stickprov_client.language.translations import Language
from stickprov_client.web.charts import SmallChart, small_months
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import Behind, by_number, cases_behind
from stickprov_client.web.reporting.known import Known, kept, known_in
from stickprov_client.web.reporting.live import positions_of
from stickprov_contracts.http.dashboard import ControlStanding, Dashboard, PlanRowStanding

_log = structlog.get_logger(__name__)

DASHBOARD: Final = "/dashboard"
TERTIALS: Final = ("T1", "T2", "T3")
_YEAR_DIGITS: Final = 4


@dataclass(frozen=True)
class Card:
    """A control of the year with its small chart, and the way to the cases behind its numbers.

    Attributes:
        days: the range of its draws in whole months; None without draws.
    """

    control: ControlStanding
    chart: SmallChart | None
    days: DateRange | None
    behind: Behind | None


@dataclass(frozen=True)
class PlanRows:
    """The rows of one plan with one score, in the plan's order."""

    plan: str
    score: int | None
    rows: list[PlanRowStanding]


def dashboard_router() -> APIRouter:
    """Return the page."""
    router = APIRouter()

    @router.get(DASHBOARD)
    async def dashboard(request: Request, services: Connected, year: str = "") -> Response:
        wanted = int(year) if year.isascii() and year.isdigit() and len(year) == _YEAR_DIGITS else None
        known = known_in(request)
        found = await services.reporting.dashboard(wanted, positions=known.at if known else None)
        ordered = sorted(found.controls, key=lambda control: (not control.drawn, by_number(control.control_point)))
        return page(
            request,
            "reporting/dashboard.html",
            found=found,
            cards=[_card(control, found.year, language_of(request), known) for control in ordered],
            known=known,
            with_moment=lambda path: f"{path}?{urlencode(kept(known))}" if known else path,
            of_year=lambda one: f"{DASHBOARD}?{urlencode({'year': one, **kept(known)})}",
            totals=_totals(found),
            overdue=sum(action.overdue for action in found.actions),
            words=await _words_of_actions(services) if found.actions else {},
            plans=_by_plan(found.plan_rows),
            tertials=TERTIALS,
            positions=positions_of(found.as_of),
            now=datetime.now(UTC),
        )

    return router


def _card(control: ControlStanding, year: int, language: Language, known: Known | None) -> Card:
    days = whole_months(control.start, control.end) if control.start and control.end else None
    tolerance = control.verdict.tolerance if control.verdict else None
    return Card(
        control=control,
        chart=small_months(control.months, year, language, tolerance),
        days=days,
        behind=cases_behind(control.control_point, days.start, days.end, known) if days else None,
    )


def _totals(found: Dashboard) -> dict[str, int]:
    """Return the sums over all controls, and how many controls have each verdict."""
    verdicts = Counter(control.verdict.verdict for control in found.controls if control.verdict)
    return {
        "controls": len(found.controls),
        "done": sum(control.done.numerator for control in found.controls),
        "drawn": sum(control.done.denominator for control in found.controls),
        "judged": verdicts.total(),
        "beyond": verdicts["not-followed"],
        "within": verdicts["followed"],
        "untold": verdicts["cannot-be-told"],
        "concluded": sum(control.concluded is not None for control in found.controls),
    }


def _by_plan(rows: Sequence[PlanRowStanding]) -> list[PlanRows]:
    return [
        PlanRows(plan, score, list(members))
        for (plan, score), members in groupby(rows, lambda row: (row.plan, row.score))
    ]


async def _words_of_actions(services: Services) -> dict[UUID, str]:
    """Ask findings what the actions are about; the dashboard is there without it, too."""
    try:
        return {one.action: one.description for one in await services.follow_ups.actions() if one.description}
    except ClientError as error:
        _log.warning("dashboard without the words of actions", reason=str(error))
        return {}
