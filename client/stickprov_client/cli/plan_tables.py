"""Plans, lineages and histories as tables."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.session import Session
from stickprov_client.language import plan_wording
from stickprov_client.language.numbers import NOTHING, percent
from stickprov_contracts.http.plans import (
    AdoptedPlan,
    Lineage,
    LineageStep,
    Plan,
    PlanHistoryEntry,
    PlanPoint,
    PlanSummary,
)
from stickprov_contracts.http.sampler import ControlPoint


def plans_table(session: Session, plans: list[PlanSummary]) -> Table:
    """Return the list of plans."""
    say = session.say
    table = _table(say("Control plan"), say("Year"), say("Board"), say("Dnr"), say("Risks"), say("Control points"))
    for plan in plans:
        counts = (str(plan.risks), str(plan.control_points))
        table.add_row(*_safe((plan.plan, str(plan.year), plan.board, plan.dnr or NOTHING, *counts)))
    return table


def plan_tables(session: Session, plan: Plan) -> Iterable[RenderableType]:
    """Yield a plan's heading, and for each score its risks with their points, the highest score first."""
    say = session.say
    facts = [(say("Control plan"), plan.title or plan.plan), (say("Board"), plan.board), (say("Year"), str(plan.year))]
    if plan.dnr:
        facts.append((say("Dnr"), plan.dnr))
    yield facts_table(facts)
    for group in plan_wording.by_score(plan, session.language):
        if group.heading:
            yield f"\n[bold]{escape(group.heading)}[/]"
        table = _table(
            say("No."), say("Risk area"), say("Control"), say("Method"), say("Responsible"), say("Frequency")
        )
        for area in group.areas:
            for number, point in enumerate(area.points):
                table.add_row(*_safe(_cells(point, area.area if number == 0 else "")))
        yield table
    for retired in plan.retired:
        line = say("{point} is not carried on: {measure}").format(point=retired.control_point, measure=retired.measure)
        yield escape(line)
    for closed in plan.closed_periods:
        yield escape(say("Closed: {period}").format(period=closed.period.label))


def _cells(point: PlanPoint, area: str) -> tuple[str, ...]:
    texts = (point.measure, point.method, point.responsible, point.frequency)
    return (point.number, area, *(text or "" for text in texts))


def changes_table(session: Session, adopted: AdoptedPlan) -> Table:
    """Return what an adoption changes, one thing a row."""
    table = _table(session.say("What"), session.say("Id"), session.say("Fields"))
    for change in adopted.changes:
        what = plan_wording.what(change.what, session.language)
        table.add_row(*_safe((what, change.id, ", ".join(change.fields))))
    return table


def point_card(session: Session, point: ControlPoint) -> Table:
    """Return everything about a control point."""
    say = session.say
    tolerance = None if point.tolerance is None else percent(point.tolerance, session.language)
    share = point.second_review_share
    second_review = None if share is None else percent(share, session.language)
    facts = [
        (say("Id"), point.control_point),
        (say("Control plan"), point.plan),
        (say("No."), point.number),
        (say("Year"), str(point.year)),
        (say("Board"), point.board),
        (say("Area"), point.area),
        (say("Measure"), point.measure),
        (say("Method"), point.method),
        (say("Responsible"), point.responsible),
        (say("Frequency"), point.frequency),
        (say("Schedule"), ", ".join(plan_wording.schedule(one, session.language) for one in point.schedule)),
        (say("Risk"), point.risk),
        (say("Questionnaire"), point.questionnaire),
        (say("One case is called"), point.unit_name),
        (say("Counted inside it"), point.subunit_name),
        (say("Tolerance"), tolerance),
        (say("Reviewed by"), plan_wording.reviewer(point.reviewer_rule, session.language, point.reviewer_group)),
        (say("Second review"), second_review),
        (say("File review asks"), point.file_review_questionnaire),
        (say("Version"), str(point.version)),
    ]
    for category in point.categories:
        text = category.sv if session.language == "sv" else category.en
        facts.append((say("Category"), f"{category.id}: {text}"))
    return facts_table((name, value) for name, value in facts if value)


def lineage_table(session: Session, lineage: Lineage) -> Table:
    """Return the steps to a control point and on from it, in the order of years."""
    say = session.say
    table = _table(say("Year"), say("Earlier point"), say("Later point"), say("How"), say("Measure"), say("Why"))
    for step in (*lineage.earlier, *lineage.later):
        table.add_row(*_safe(_step(session, step)))
    return table


def _step(session: Session, step: LineageStep) -> tuple[str, ...]:
    how = plan_wording.what(step.how, session.language)
    measure = step.measure or step.earlier_measure
    return (str(step.year), step.earlier, step.later or NOTHING, how, measure, step.why or NOTHING)


def history_table(session: Session, entries: list[PlanHistoryEntry]) -> Table:
    """Return what happened, oldest first, each change on a line of its own."""
    say = session.say
    table = _table(say("When"), say("Who"), say("Id"), say("What"), say("Changes"))
    for entry in entries:
        changes = [f"{one.field}: {one.before or NOTHING} → {one.after or NOTHING}" for one in entry.changes]
        if entry.why:
            changes.append(say("Why: {why}").format(why=entry.why))
        when = entry.time.astimezone().strftime("%Y-%m-%d %H:%M")
        what = plan_wording.what(entry.what, session.language)
        table.add_row(*_safe((when, entry.actor, entry.subject, what, "\n".join(changes))))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _safe(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(escape(text) for text in texts)
