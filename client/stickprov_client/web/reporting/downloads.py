"""Figures as files for a spreadsheet, from the same tables as the command writes."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.documents.statistics_table import Row, statistics_table, trend_table
from stickprov_client.documents.table_writing import as_csv, as_xlsx
from stickprov_client.web.connected import Connected
from stickprov_client.web.reporting.addresses import STATISTICS, days_in, days_or_everything, page_of
from stickprov_client.web.reporting.known import Known, as_known, known_in
from stickprov_contracts.http.trends import TrendStep

Form = Literal["csv", "xlsx"]

_TYPES: Final[dict[Form, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_First = Annotated[str, Query(alias="from")]
_Before = Annotated[str, Query(alias="to")]


def downloads_router() -> APIRouter:
    """Return the files of a control point's page and of its trend."""
    router = APIRouter(prefix=STATISTICS)

    @router.get("/{control_point}/figures.{form}")
    async def figures(
        request: Request, services: Connected, control_point: str, form: Form, start: _First = "", end: _Before = ""
    ) -> Response:
        days = await days_or_everything(services, control_point, days_in(request, control_point, start, end))
        if days is None:
            return RedirectResponse(page_of(control_point))
        known = known_in(request)
        asked = services.reporting.statistics(
            control_point, days.start, days.end, positions=known.at if known else None
        )
        found = await (as_known(request, asked) if known else asked)
        return _file(f"{control_point}-{days.start}-{days.end}{_then(known)}", form, *statistics_table(found))

    @router.get("/{control_point}/trend.{form}")
    async def trend(
        request: Request,
        services: Connected,
        control_point: str,
        form: Form,
        start: _First = "",
        end: _Before = "",
        by: TrendStep = "month",
    ) -> Response:
        days = await days_or_everything(services, control_point, days_in(request, control_point, start, end))
        if days is None:
            return RedirectResponse(page_of(control_point))
        known = known_in(request)
        asked = services.reporting.trend(control_point, by, days.start, days.end, positions=known.at if known else None)
        found = await (as_known(request, asked) if known else asked)
        return _file(f"{control_point}-trend-{by}-{days.start}-{days.end}{_then(known)}", form, *trend_table(found))

    return router


def _then(known: Known | None) -> str:
    """Return what a file's name says of the moment at which its figures were known."""
    return f"-known-{known.at:%Y-%m-%dT%H%M%S}" if known else ""


def _file(name: str, form: Form, columns: list[str], rows: list[Row]) -> Response:
    content = as_csv(columns, rows) if form == "csv" else as_xlsx(columns, rows)
    # The name is made of an id that the services accepted: no quote and no line end is in it.
    headers = {"Content-Disposition": f'attachment; filename="stickprov-{name}.{form}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)
