"""The dashboard of one reading. What it costs grows with the year's draws, and with the plans and actions there are."""

from datetime import date

from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.plans import ControlPlanAdopted
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.dashboard import Dashboard
from stickprov_reporting.adapters.reading import Reading
from stickprov_reporting.domain.projection.cell import PROGRESS
from stickprov_reporting.domain.reports.material import Chronicle
from stickprov_reporting.domain.standing import actions_standing, control_standing, plan_rows_standing
from stickprov_reporting.domain.statistics.statistic import DateRange

_ACTIONS = (ActionProposed, ActionUpdated, ActionFollowedUp)


async def read_dashboard(reading: Reading, year: int | None, today: date) -> Dashboard:
    """Return the dashboard of a year; of the newest that has a control point, or of today's, for None."""
    years = await reading.years()
    year = year if year is not None else max(years, default=today.year)
    points = await reading.points(year)
    chronicle = await _chronicle(reading, points, year)
    names = [point.control_point for point in points]
    dates = DateRange(date(year, 1, 1), date(year, 12, 31) if year == date.max.year else date(year + 1, 1, 1))
    measured: dict[str, list[RegisterMeasured]] = {}
    for name, one in await reading.measures(names, dates):
        measured.setdefault(name, []).append(one)
    facts = await reading.facts(names, dates, PROGRESS)
    return Dashboard(
        year=year,
        years=years,
        controls=[
            control_standing(
                facts[name].basis(dates.start, dates.end), measured.get(name, ()), chronicle, dates.start, dates.end
            )
            for name in names
        ],
        actions=actions_standing(chronicle, today),
        plan_rows=plan_rows_standing(_plans(chronicle, year), chronicle),
        as_of=dict(reading.as_of),
    )


async def _chronicle(reading: Reading, points: list[ControlPointDefined], year: int) -> Chronicle:
    names = [point.control_point for point in points]
    plans = [entry.event for entry in await reading.entries([ControlPlanAdopted])]
    of_year = [plan.plan for plan in plans if isinstance(plan, ControlPlanAdopted) and plan.year == year]
    told = [
        *await reading.entries(_ACTIONS),
        *await reading.entries([ControlConcluded], control_points=names),
        *await reading.entries([PlanStatusReported], plans=of_year),
    ]
    definitions = {point.control_point: point for point in points}
    return Chronicle(definitions, [*plans, *(entry.event for entry in told)])


def _plans(chronicle: Chronicle, year: int) -> list[ControlPlanAdopted]:
    newest = [chronicle.plan(name) for name in chronicle.plans()]
    return [plan for plan in newest if plan is not None and plan.year == year]
