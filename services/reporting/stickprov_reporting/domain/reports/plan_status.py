"""A plan with how its rows stand, tertial by tertial, as the board's own table has it: grouped by the risks' scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from stickprov_contracts.events import Period
from stickprov_contracts.events.follow_ups import PlanStatusReported
from stickprov_contracts.events.plans import ControlPlanAdopted, Risk
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.reports import Block, Cell, Paragraph
from stickprov_reporting.domain.reports.draft import Draft
from stickprov_reporting.domain.reports.material import Chronicle, Words
from stickprov_reporting.domain.reports.tables import Cells, Column, table, words
from stickprov_reporting.domain.reports.writing import Writer

_STATUSES: Final = {
    "not-started": ("Ej påbörjat", "Not started"),
    "under-way": ("Pågående", "Under way"),
    "done": ("Genomfört", "Done"),
    "deviation": ("Avvikelse", "Deviation"),
    "not-applicable": ("Ej aktuellt", "Not applicable"),
}
_NO_RISK: Final = Risk(id="", text="")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the plan; ``area`` is the risk, said once for the rows that share it."""

    area: str
    point: ControlPointDefined
    statuses: Mapping[str, str]


def plan_status(plan: ControlPlanAdopted, year: int, chronicle: Chronicle, texts: Words, writer: Writer) -> Draft:
    """Return the document; rows are in the plan's order within each score, the highest score first.

    Args:
        plan: as it was adopted last.
        year: whose tertials are shown.
        chronicle: the control points as they are now, and what was told of them.
        texts: the statuses' words.
        writer: of the document's language.
    """
    say = writer.say
    rows, groups = _rows(plan, year, chronicle, texts, writer)
    tertials = [f"T{number}" for number in (1, 2, 3)]
    columns: list[Column[_Row]] = [
        Column(say("Område", "Area"), lambda row: words(row.area)),
        Column(say("Kontrollmoment", "Control"), lambda row: words(row.point.measure)),
        Column(say("Metod", "Method"), lambda row: words(row.point.method or "")),
        Column(say("Ansvarig", "Responsible"), lambda row: words(row.point.responsible or "")),
        Column(say("Frekvens", "Frequency"), lambda row: words(row.point.frequency or "")),
        *(_status_column(tertial, year) for tertial in tertials),
    ]
    caption = say(f"Kontrollmoment och status {year}", f"Controls and their status {year}")
    blocks: list[Block] = [table(caption, columns, rows, groups=groups, widths=(14, 17, 16, 11, 10, 14, 14, 14))]
    if not rows:
        blocks = [Paragraph(text=say("Planen har inga kontrollmoment.", "The plan has no controls."))]
    else:
        blocks.append(_told(rows, tertials, writer))
    title = say("Uppföljning och statusuppdatering", "Follow-up and status")
    newest = max((tertial for row in rows for tertial in row.statuses), default="")
    return Draft(
        title=f"{title} {newest} {year}".replace("  ", " "),
        subtitle=plan.title or say(f"Internkontrollplan {plan.year}", f"Internal control plan {plan.year}"),
        organisation=plan.board,
        registration=plan.dnr,
        blocks=blocks,
    )


def _status_column(tertial: str, year: int) -> Column[_Row]:
    return Column(f"Status {tertial} {year}", lambda row: words(row.statuses.get(tertial, "")))


def _rows(
    plan: ControlPlanAdopted, year: int, chronicle: Chronicle, texts: Words, writer: Writer
) -> tuple[list[_Row], dict[int, str]]:
    """Return the rows, and by row number the line that says a score."""
    risks = {risk.id: (place, risk) for place, risk in enumerate(plan.risks)}
    points = [chronicle.definitions[name] for name in plan.control_points if name in chronicle.definitions]
    statuses = chronicle.statuses(plan.plan)

    def place(point: ControlPointDefined) -> tuple[bool, int, int]:
        order, risk = risks.get(point.risk or "", (len(risks), _NO_RISK))
        return risk.score is None, -(risk.score or 0), order

    rows: list[_Row] = []
    groups: dict[int, str] = {}
    said: tuple[str, str] = ("", "")
    for point in sorted(points, key=place):
        _, risk = risks.get(point.risk or "", (0, _NO_RISK))
        score, area = _score(risk, writer), risk.text or point.area
        if score != said[0]:
            groups[len(rows)] = score
        rows.append(
            _Row("" if (score, area) == said else area, point, _by_tertial(point, year, statuses, texts, writer))
        )
        said = score, area
    return rows, groups


def _score(risk: Risk, writer: Writer) -> str:
    if risk.score is None:
        return writer.say("Utan skattning", "Without a score")
    labels = f": {risk.labels}" if risk.labels else ""
    return f"{writer.say('Skattning', 'Score')} {risk.score}{labels}"


def _by_tertial(
    point: ControlPointDefined,
    year: int,
    statuses: Mapping[tuple[str, Period], PlanStatusReported],
    texts: Words,
    writer: Writer,
) -> dict[str, str]:
    """Return what is told of a row for each tertial of the plan's year in which a period ends."""
    found: dict[str, list[tuple[Period, str]]] = {}
    for (name, period), told in statuses.items():
        tertial = _tertial(period, year)
        if name == point.control_point and tertial is not None:
            found.setdefault(tertial, []).append((period, _status(told, texts, writer)))
    return {
        tertial: " ".join(text for _, text in sorted(told, key=lambda one: (one[0].end, one[0].start)))
        for tertial, told in found.items()
    }


def _tertial(period: Period, year: int) -> str | None:
    last = date.fromordinal(period.end.toordinal() - 1)
    return f"T{(last.month - 1) // 4 + 1}" if last.year == year else None


def _status(told: PlanStatusReported, texts: Words, writer: Writer) -> str:
    status = writer.say(*_STATUSES[told.status]) if told.status in _STATUSES else told.status
    more = texts.line(told.text)
    return f"{status}. {more}" if more else f"{status}."


def _told(rows: Sequence[_Row], tertials: Sequence[str], writer: Writer) -> Block:
    """Return how many rows have been told of, by tertial."""
    cells, say = Cells(writer), writer.say
    counted = [(tertial, sum(tertial in row.statuses for row in rows)) for tertial in tertials]
    columns: list[Column[tuple[str, int]]] = [
        Column(say("Tertial", "Tertial"), lambda row: words(row[0])),
        Column(say("Kontrollmoment med status", "Controls with a status"), lambda row: cells.count(row[1])),
        Column(say("Av", "Of"), lambda _row: cells.count(len(rows))),
        Column(say("Andel", "Share"), lambda row: _share(row[1], len(rows), cells)),
    ]
    return table(say("Rapporterade statusar", "Statuses told"), columns, counted)


def _share(numerator: int, denominator: int, cells: Cells) -> Cell:
    return cells.share(numerator / denominator if denominator else None)
