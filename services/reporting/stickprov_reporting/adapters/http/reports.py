"""The route of the reports."""

import asyncio
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from stickprov_contracts.http.reports import Report, ReportFormat, ReportKind, ReportLanguage
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.http.date_range import AsOfMoment
from stickprov_reporting.adapters.measuring import Durations
from stickprov_reporting.adapters.parts import GetParts
from stickprov_reporting.adapters.reports.rendering import MEDIA_TYPES, rendered
from stickprov_reporting.domain.reports.request import Wanted
from stickprov_reporting.domain.statistics.statistic import DateRange

_MOST_POINTS: Final = 12
_LEAST_SMALL: Final = 2
_MOST_SMALL: Final = 20
_TAKES: Final[Mapping[ReportKind, frozenset[str]]] = {
    "standard-form": frozenset({"control_point", "from", "to", "suppress_below"}),
    "plan-status": frozenset({"plan", "year"}),
    "actions": frozenset({"control_point", "plan", "year"}),
}
_NEEDS: Final[Mapping[ReportKind, tuple[str, ...]]] = {
    "standard-form": ("control_point", "from", "to"),
    "plan-status": ("plan",),
    "actions": (),
}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file",
        "model": Report,
        "content": {media_type: {} for media_type in MEDIA_TYPES.values()},
    }
}

_Points = Annotated[
    list[ControlPointId], Query(max_length=_MOST_POINTS, description="Of which control points; several share a form")
]
_Plan = Annotated[ControlPointId | None, Query(description="Of which plan")]
_Year = Annotated[int | None, Query(ge=1, le=9998, description="Of which year")]
_First = Annotated[date | None, Query(alias="from", description="First day")]
_Past = Annotated[date | None, Query(alias="to", description="First day that no longer counts")]
_Small = Annotated[
    int | None,
    Query(
        ge=_LEAST_SMALL,
        le=_MOST_SMALL,
        description="Leave out numbers below this, and what would give them away; nothing when left out",
    ),
]
_On = Annotated[
    date | None, Query(description="The day on which actions are late; that of at, or today, when left out")
]


def _wanted(
    kind: ReportKind,
    control_point: _Points = [],  # noqa: B006 - FastAPI copies it
    plan: _Plan = None,
    year: _Year = None,
    start: _First = None,
    end: _Past = None,
    suppress_below: _Small = None,
    on: _On = None,
    language: Annotated[ReportLanguage, Query(description="Of the report")] = "sv",
    moment: AsOfMoment = None,
) -> Wanted:
    """Return what is asked for.

    Raises:
        BadInputError: names each option that the kind of report needs, or does not take.
    """
    given = {"control_point": control_point, "plan": plan, "year": year, "from": start, "to": end}
    given["suppress_below"] = suppress_below
    told = {name for name, value in given.items() if value not in (None, [])}
    errors = [
        FieldProblem(field=name, code="missing", message=f"The report {kind} needs this; give a value.")
        for name in _NEEDS[kind]
        if name not in told
    ]
    errors += [
        FieldProblem(field=name, code="not-taken", message=f"The report {kind} does not take this; leave it out.")
        for name in sorted(told - _TAKES[kind])
    ]
    if start is not None and end is not None and start >= end:
        message = f"This should be later than from ({start}); the last day that counts is the day before it."
        errors.append(FieldProblem(field="to", code="range-empty", message=message))
    if errors:
        raise BadInputError("Correct the fields named in errors.", errors=errors)
    dates = DateRange(start, end) if start is not None and end is not None else None
    points = list(dict.fromkeys(control_point))
    today = moment if isinstance(moment, datetime) else datetime.now(UTC)
    return Wanted(kind, language, on or today.date(), points, plan, year, dates, suppress_below)


def report_router(parts: GetParts, durations: Durations) -> APIRouter:
    """Return ``/v1/reports``."""
    router = ServiceRouter(
        prefix="/v1/reports",
        tags=["reports"],
        dependencies=[Depends(require("coordinator", "board", "auditor"))],
    )

    @router.get("/{kind}", summary="A report as a file", response_class=Response, responses=_FILE)
    async def read_report(
        wanted: Annotated[Wanted, Depends(_wanted)],
        moment: AsOfMoment,
        ending: Annotated[ReportFormat, Query(alias="format", description="Of the file")] = "html",
    ) -> Response:
        """Return the file; its name stands in ``Content-Disposition``."""
        with durations.report.time():
            report = await parts().reports.make(wanted, moment, ending)
            file = await asyncio.to_thread(rendered, report, ending)
        headers = {"Content-Disposition": _disposition(file.name, inline=ending in {"html", "json"})}
        return Response(file.content, media_type=file.media_type, headers=headers)

    return router


def _disposition(name: str, *, inline: bool) -> str:
    """Return a header that every browser understands: a plain name, and the real one (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name.replace("–", "-")).encode("ascii", "ignore").decode()
    safe = "".join(sign for sign in plain if sign not in '"\\')
    return f"{'inline' if inline else 'attachment'}; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}"
