"""The route of the trail: who did what."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from stickprov_contracts.http.audit import Trail, TrailEntry
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.topics import Source
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.period import parse_period
from stickprov_reporting.adapters.http.trail_files import CSV_HEAD, csv_lines, json_lines
from stickprov_reporting.adapters.parts import GetParts
from stickprov_reporting.adapters.sql.trail import TrailPlace, TrailWanted

MOST_ENTRIES: Final = 500
_HERE: Final = ZoneInfo("Europe/Stockholm")
"""Days are those of the municipality."""
_Text = Annotated[str | None, Query(max_length=200, pattern="^[^\x00]+$")]
_MEDIA: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_READERS: Final = ("auditor", "coordinator")
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "A page, or the file", "content": {"text/csv": {}, "application/jsonl": {}}}
}


async def _wanted(
    caller: Annotated[Caller, Depends(require(*_READERS))],
    control_point: Annotated[ControlPointId | None, Query(description="Events about it")] = None,
    draw: Annotated[UUID | None, Query(description="Events of it and its cases")] = None,
    case: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{8,64}$", description="A case's pseudonym, or its first digits, eight or more"),
    ] = None,
    plan: Annotated[ControlPointId | None, Query(description="Events that name this plan")] = None,
    actor: Annotated[_Text, Query(description="Whose; me for the caller's own")] = None,
    type: Annotated[  # noqa: A002 - the parameter's name
        list[Annotated[str, Query(max_length=100, pattern="^[^\x00]+$")]],
        Query(max_length=100, description="Such as finding-recorded; several: any of them"),
    ] = [],  # noqa: B006 - FastAPI copies it
    source: Annotated[Source | None, Query(description="Of one log alone")] = None,
    start: Annotated[date | None, Query(alias="from", description="The first day on which it happened")] = None,
    end: Annotated[date | None, Query(alias="to", description="The first day on which it no longer did")] = None,
    period: Annotated[_Text, Query(description="What it is about lies within: 2021, 2021-Q1, 2021-T1, 2021-03")] = None,
) -> TrailWanted:
    """Return which events are asked for."""
    return TrailWanted(
        control_point=control_point,
        draw=draw,
        case=case,
        plan=plan,
        actor=caller.actor if actor == "me" else actor,
        types=type,
        source=source,
        since=_midnight(start),
        before=_midnight(end),
        period=_within(period),
    )


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.combine(day, time.min, _HERE).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time.min, UTC)


def _within(period: str | None) -> tuple[date, date] | None:
    if period is None:
        return None
    found = parse_period(period)
    return found.start, found.end


async def _after(
    after: Annotated[str | None, Query(max_length=100, description="The next of the page before")] = None,
) -> TrailPlace | None:
    """Return where the page begins.

    Raises:
        BadInputError: it is not what a page before said.
    """
    if after is None:
        return None
    try:
        return TrailPlace.read(after)
    except ValueError:
        message = "Give the next of the page before, as it was told."
        raise BadInputError(
            "The page cannot be found.", errors=[FieldProblem(field="after", code="after-unreadable", message=message)]
        ) from None


def trail_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/audit/trail``."""
    router = ServiceRouter(prefix="/v1/audit", tags=["audit"], dependencies=[Depends(require(*_READERS))])

    @router.get("/trail", response_model=Trail, summary="Who did what, when", responses=_ANSWERS)
    async def read_trail(
        wanted: Annotated[TrailWanted, Depends(_wanted)],
        after: Annotated[TrailPlace | None, Depends(_after)],
        limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = 100,
        order: Annotated[Literal["oldest", "newest"], Query(description="Which comes first")] = "oldest",
        ending: Annotated[
            Literal["json", "csv", "jsonl"], Query(alias="format", description="csv and jsonl: all of it, as a file")
        ] = "json",
    ) -> Any:  # noqa: ANN401 - a page, or a file
        """Return the events that fit, in the order of their time, and how many there are in all."""
        trails, newest = parts().trails, order == "newest"
        if ending == "json":
            page = await trails.page(wanted, after, limit, newest=newest)
            return Response(page.model_dump_json(), media_type="application/json")
        await trails.catch_up()
        lines = _lines(trails.all(wanted, newest=newest), ending)
        headers = {"Content-Disposition": f'attachment; filename="stickprov-trail.{ending}"'}
        return StreamingResponse(lines, media_type=_MEDIA[ending], headers=headers)

    return router


async def _lines(pages: AsyncIterator[list[TrailEntry]], ending: str) -> AsyncIterator[bytes]:
    if ending == "csv":
        yield CSV_HEAD
    async for entries in pages:
        yield csv_lines(entries) if ending == "csv" else json_lines(entries)
