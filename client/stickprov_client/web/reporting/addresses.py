"""Where the pages of figures are, and which days an address names."""

import re
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from stickprov_client.api import Services
from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.language.periods import DateRange, whole_months
from stickprov_client.language.translations import texts
from stickprov_client.web.language import language_of
from stickprov_client.web.problems import PageProblem
from stickprov_client.web.reporting.known import Known, kept
from stickprov_contracts.http.dashboard import ControlPointSummary

STATISTICS: Final = "/statistics"

Behind = Callable[..., str]
"""Gives the address of the cases behind a number, by what they have in common."""


def page_of(control_point: str, room: str = "", days: DateRange | None = None, **wanted: object) -> str:
    """Return the address of a page of a control point: its statistics, or a room below them."""
    path = f"{STATISTICS}/{quote(control_point, safe='')}{f'/{room}' if room else ''}"
    dates = {"from": days.start.isoformat(), "to": days.end.isoformat()} if days else {}
    told = dates | {name: value for name, value in wanted.items() if value is not None}
    return f"{path}?{urlencode(told)}" if told else path


def rooms_of(control_point: str, chosen: DateRange | None, known: Known | None = None) -> dict[str, str]:
    """Return the pages of a control point beside each other; dates and moment that somebody chose go with them."""
    return {room: page_of(control_point, room, chosen, **kept(known)) for room in ("", "trend", "cases")}


def cases_behind(control_point: str, start: date, end: date, known: Known | None = None) -> Behind:
    """Return what makes the addresses of the cases behind a control point's numbers, as they were known."""

    def address(**wanted: object) -> str:
        return page_of(control_point, "cases", DateRange(start, end), **kept(known), **wanted)

    return address


def days_in(request: Request, control_point: str, start: str, end: str) -> DateRange | None:
    """Read the dates of an address; None when there are none.

    Raises:
        PageProblem: they cannot be used.
    """
    if not start and not end:
        return None
    say = texts(language_of(request)).gettext
    try:
        days = DateRange(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        detail = say("Give both dates, each written as year-month-day, such as 2021-01-31.")
        raise _bad_dates(request, control_point, detail) from None
    if days.start >= days.end:
        raise _bad_dates(request, control_point, say("The second date is the day after the last, so it must be later."))
    return days


def _bad_dates(request: Request, control_point: str, detail: str) -> PageProblem:
    say = texts(language_of(request)).gettext
    way_on = (page_of(control_point), say("Show everything there is"))
    return PageProblem(HTTPStatus.BAD_REQUEST, say("These dates cannot be used"), detail, way_on)


def by_number(control_point: str) -> list[tuple[int, str]]:
    """Return what to sort ids by so that ``AFN-2022-10`` comes after ``AFN-2022-2``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", control_point)]


def reports_address(control_point: str, days: DateRange, known: Known | None) -> str:
    """Return the address at which a report on a control point is chosen."""
    told = {"control_point": control_point, "from": days.start.isoformat(), "to": days.end.isoformat()}
    return f"/reports?{urlencode(told | dict(kept(known)))}"


async def summary_of(services: Services, control_point: str) -> ControlPointSummary:
    """Return what reporting knows of a control point; there is no page of one it has not heard of."""
    known = await services.reporting.control_points(EVERY_YEAR)
    point = next((point for point in known if point.control_point == control_point), None)
    if point is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return point


def all_days_of(point: ControlPointSummary) -> DateRange | None:
    """Return the whole months of every draw of a control point; None when there are none yet."""
    if point.start is None or point.end is None:
        return None
    return whole_months(point.start, point.end)


async def days_or_everything(services: Services, control_point: str, chosen: DateRange | None) -> DateRange | None:
    """Return the chosen days, else those of every draw; None when there are none yet."""
    return chosen or all_days_of(await summary_of(services, control_point))
