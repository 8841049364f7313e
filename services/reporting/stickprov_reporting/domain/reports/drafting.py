"""From what was gathered to the document: which builder, of which points, plan and actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from stickprov_contracts.events import Event, NoteReference
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.statistics import Statistics
from stickprov_reporting.domain.reports.actions import follow_up
from stickprov_reporting.domain.reports.draft import Draft
from stickprov_reporting.domain.reports.material import Action, Chronicle, Point, Words, references
from stickprov_reporting.domain.reports.plan_status import plan_status
from stickprov_reporting.domain.reports.request import Wanted
from stickprov_reporting.domain.reports.small_cells.outcomes import without_small
from stickprov_reporting.domain.reports.small_cells.register import measure_without_small
from stickprov_reporting.domain.reports.standard_form import Form, standard_form
from stickprov_reporting.domain.reports.writing import Writer


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a report is made from, of one moment; statistics and register measures by control point."""

    chronicle: Chronicle
    statistics: Mapping[str, Statistics]
    register: Mapping[str, Sequence[RegisterMeasure]]


def printed_texts(wanted: Wanted, gathered: Gathered) -> list[NoteReference]:
    """Return what stands for the free texts that the report prints."""
    chronicle = gathered.chronicle
    events: list[Event] = []
    if wanted.kind == "plan-status":
        events += chronicle.statuses(wanted.plan or "").values()
    else:
        actions = _actions(wanted, chronicle)
        for action in actions:
            events += [action.terms, *action.follow_ups]
        points = {action.terms.control_point for action in actions} | set(wanted.control_points)
        for point in points:
            events += chronicle.conclusions_of(point or "")
    return references(events)


def draft_of(wanted: Wanted, gathered: Gathered, texts: Words) -> Draft:
    """Return the document."""
    writer, chronicle = Writer(wanted.language), gathered.chronicle
    match wanted.kind:
        case "standard-form":
            return _form(wanted, gathered, texts, writer)
        case "plan-status":
            plan = chronicle.plan(wanted.plan or "")
            if plan is None:
                raise ValueError(f"there is no plan {wanted.plan}")
            return plan_status(plan, wanted.year or plan.year, chronicle, texts, writer)
        case "actions":
            chosen = _actions(wanted, chronicle)
            return follow_up(chosen, chronicle, texts, wanted.on, writer, scope=_scope(wanted, chronicle, writer))
        case _:
            assert_never(wanted.kind)


def _form(wanted: Wanted, gathered: Gathered, texts: Words, writer: Writer) -> Draft:
    chronicle, dates = gathered.chronicle, wanted.dates
    if dates is None:
        raise ValueError("a standard form is of a period")
    shown = gathered if wanted.suppress_below is None else _without_small(gathered, wanted.suppress_below)
    points = [
        Point(
            chronicle.definitions[name],
            shown.statistics[name],
            shown.register.get(name, ()),
            chronicle.conclusions(name, dates.start, dates.end),
            [action for action in chronicle.actions() if action.terms.control_point == name],
        )
        for name in wanted.control_points
    ]
    plans = {point.definition.plan for point in points}
    plan = chronicle.plan(plans.pop() or "") if len(plans) == 1 else None
    form = Form(
        points,
        dates.start,
        dates.end,
        wanted.on,
        texts,
        plan.dnr if plan else None,
        wanted.suppress_below,
        any_left_out=shown != gathered,
    )
    return standard_form(form, writer)


def _without_small(gathered: Gathered, below: int) -> Gathered:
    """Return what is gathered without numbers that give away few."""
    return Gathered(
        gathered.chronicle,
        {name: without_small(found, below) for name, found in gathered.statistics.items()},
        {name: [measure_without_small(one, below) for one in found] for name, found in gathered.register.items()},
    )


def _actions(wanted: Wanted, chronicle: Chronicle) -> list[Action]:
    """Return the actions that were asked for, by plan and number, the others in the order of their proposal."""
    chosen = [action for action in chronicle.actions() if _is_wanted(action, wanted, chronicle)]
    writer = Writer(wanted.language)

    def place(action: Action) -> tuple[object, ...]:
        return chronicle.plan_of(action) or "", action.terms.number is None, writer.order(action.terms.number or "")

    return sorted(chosen, key=place)


def _is_wanted(action: Action, wanted: Wanted, chronicle: Chronicle) -> bool:
    point = chronicle.definitions.get(action.terms.control_point or "")
    plan = chronicle.plan_of(action)
    if wanted.control_points and action.terms.control_point not in wanted.control_points:
        return False
    if wanted.kind == "standard-form":
        return True
    if wanted.plan is not None and plan != wanted.plan:
        return False
    adopted = chronicle.plan(plan) if plan else None
    year = point.year if point else adopted.year if adopted else None
    return wanted.year is None or year == wanted.year


def _scope(wanted: Wanted, chronicle: Chronicle, writer: Writer) -> str:
    parts = []
    if wanted.control_points:
        numbers = writer.listed([chronicle.definitions[name].number for name in wanted.control_points])
        parts.append(writer.say(f"Internkontrollmoment {numbers}", f"Internal control point {numbers}"))
    if wanted.plan is not None:
        plan = chronicle.plan(wanted.plan)
        parts.append((plan.title if plan else None) or wanted.plan)
    if wanted.year is not None:
        parts.append(str(wanted.year))
    return ", ".join(parts) or writer.say("Alla åtgärder", "All actions")
