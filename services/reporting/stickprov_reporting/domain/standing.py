"""What a board sees at one look, put together from counts, register measures and the chronicle."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from stickprov_contracts.events.follow_ups import PlanStatusReported
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.plans import ControlPlanAdopted, Risk
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.dashboard import ActionStanding, ControlStanding, PlanRowStanding
from stickprov_reporting.domain.register.measure import measure_of
from stickprov_reporting.domain.reports.material import FINISHED, Chronicle
from stickprov_reporting.domain.statistics.estimating import estimated
from stickprov_reporting.domain.statistics.shares import share
from stickprov_reporting.domain.statistics.tally import Basis, grouped, together
from stickprov_reporting.domain.statistics.verdict import verdict_of

_TERTIALS = ("T1", "T2", "T3")


def control_standing(
    basis: Basis, measured: Iterable[RegisterMeasured], chronicle: Chronicle, start: date, end: date
) -> ControlStanding:
    """Return how a control stands in a year, of a basis that has the year's draws."""
    point = basis.point
    total = together(basis.tallies.values())
    months = sorted(grouped(basis.tallies, lambda place: place.month).items())
    estimate = estimated(basis)
    concluded = chronicle.conclusions(point.control_point, start, end)
    goals = [measure_of(one).total.meets_goal for one in measured]
    return ControlStanding(
        control_point=point.control_point,
        number=point.number,
        measure=point.measure,
        year=point.year,
        start=min((one.start for one in basis.strata.values()), default=None),
        end=max((one.end for one in basis.strata.values()), default=None),
        drawn=total.drawn,
        reviewed=total.reviewed,
        remarks=total.remarks,
        over_coverage=total.over_coverage,
        non_response=total.non_response,
        plan=point.plan,
        risk=_risk_of(point, chronicle).text or point.risk,
        responsible=point.responsible,
        done=share(total.reviewed + total.over_coverage + total.non_response, total.drawn),
        share=share(total.remarks, total.reviewed),
        interval=estimate.interval,
        verdict=verdict_of(estimate.interval, point.tolerance),
        months={month: share(tally.remarks, tally.reviewed).value for month, tally in months},
        register_measures=len(goals),
        register_missed=goals.count(False),
        concluded=concluded[-1].verdict if concluded else None,
        concluded_period=concluded[-1].period.label if concluded else None,
    )


def actions_standing(chronicle: Chronicle, today: date) -> list[ActionStanding]:
    """Return the actions that are neither done nor dropped: overdue ones first, then by day, those without one last."""
    found = [
        ActionStanding(
            action=action.terms.action,
            control_point=action.terms.control_point,
            plan=chronicle.plan_of(action),
            number=action.terms.number,
            responsible=action.terms.responsible,
            due=action.terms.due,
            status=action.status,
            overdue=action.is_late(today),
        )
        for action in chronicle.actions()
        if action.status not in FINISHED
    ]
    return sorted(found, key=lambda one: (not one.overdue, one.due or date.max, str(one.action)))


def plan_rows_standing(plans: Sequence[ControlPlanAdopted], chronicle: Chronicle) -> list[PlanRowStanding]:
    """Return the rows of plans in their order, each with its newest status of each tertial."""
    return [
        _plan_row(plan, chronicle.definitions[name], chronicle, statuses)
        for plan in plans
        for statuses in [_statuses(chronicle.statuses(plan.plan).values(), plan.year)]
        for name in plan.control_points
        if name in chronicle.definitions
    ]


def _plan_row(
    plan: ControlPlanAdopted, point: ControlPointDefined, chronicle: Chronicle, statuses: Mapping[str, dict[str, str]]
) -> PlanRowStanding:
    risk = _risk_of(point, chronicle)
    return PlanRowStanding(
        plan=plan.plan,
        control_point=point.control_point,
        number=point.number,
        area=point.area,
        measure=point.measure,
        risk=risk.text or point.risk,
        score=risk.score,
        statuses=statuses.get(point.control_point, {}),
    )


def _statuses(told: Iterable[PlanStatusReported], year: int) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in told:
        tertial = one.period.label.removeprefix(f"{year}-")
        if tertial in _TERTIALS:
            found.setdefault(one.control_point, {})[tertial] = one.status
    return {point: dict(sorted(by_tertial.items())) for point, by_tertial in found.items()}


def _risk_of(point: ControlPointDefined, chronicle: Chronicle) -> Risk:
    plan = chronicle.plan(point.plan) if point.plan else None
    return next((risk for risk in (plan.risks if plan else ()) if risk.id == point.risk), Risk(id="", text=""))
