"""Which case the trail is about: by its place in a draw, or by its pseudonym."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from stickprov_client.api.reporting import TrailFilter
from stickprov_client.api.services import Services
from stickprov_contracts.http.audit import TrailEntry

_CASE: Final = re.compile(r"(?P<case>[0-9a-f]{8,64})…?")
_POINT_CASE: Final = re.compile(r"(?P<point>[^/]+)/(?P<case>[0-9a-f]{8,64})…?")
_DRAW_POINT_CASE: Final = re.compile(
    r"(?P<draw>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(?P<point>[^/]+)/(?P<case>[0-9a-f]{8,64})…?"
)
_NUMBERED: Final = re.compile(r"(?P<point>[^/]+)/(?P<period>.+)/(?P<number>[0-9]{1,7})")
_PAGE: Final = 500
_NAMED: Final = 5


class UnclearCase(ValueError):  # noqa: N818 - says the situation
    """What was written names no case, or several; the message says what to write."""


@dataclass(frozen=True)
class NamedCase:
    """What a trail is asked for with; None for what was not said."""

    control_point: str | None = None
    draw: UUID | None = None
    case: str | None = None


async def case_meant(services: Services, text: str) -> NamedCase:
    """Read ``POINT/PERIOD/NUMBER``, ``DRAW/POINT/CASE``, ``POINT/CASE`` or ``CASE``.

    Raises:
        UnclearCase: it is none of these, or no drawn case, or several, have that number.
    """
    if found := _DRAW_POINT_CASE.fullmatch(text):
        return NamedCase(found["point"], UUID(found["draw"]), found["case"])
    if found := _POINT_CASE.fullmatch(text):
        return NamedCase(found["point"], None, found["case"])
    if found := _CASE.fullmatch(text):
        return NamedCase(case=found["case"])
    found = _NUMBERED.fullmatch(text)
    if found is None:
        raise UnclearCase(f"“{text}” is no case; write it as AMF-2021-3/2021-01/17 or AMF-2021-3/0f3a5b7c.")
    point, period, number = found["point"], found["period"], int(found["number"])
    drawn = await _numbered(services, point, period, number)
    if not drawn:
        raise UnclearCase(f"No case has number {number} in a draw for {point} within {period}.")
    if len(drawn) > 1:
        cases = ", ".join(f"{point}/{entry.case[:8]}" for entry in drawn[:_NAMED] if entry.case)
        raise UnclearCase(f"Several cases have number {number} there, one in each stratum. Write one of {cases}.")
    return NamedCase(point, drawn[0].draw, drawn[0].case)


async def _numbered(services: Services, point: str, period: str, number: int) -> list[TrailEntry]:
    wanted = TrailFilter(control_point=point, period=period, types=["case-drawn"])
    found: list[TrailEntry] = []
    after: str | None = None
    while True:
        page = await services.reporting.trail(wanted, after=after, limit=_PAGE)
        found += [entry for entry in page.entries if entry.data.get("order") == number]
        if page.next is None:
            return found
        after = page.next
