"""Register measures in a report: what a rule counted over a whole frame, by unit, beside its goal."""

from collections.abc import Sequence

from stickprov_contracts.events.measures import Goal
from stickprov_contracts.http.register import RegisterMeasure, RegisterPart
from stickprov_contracts.http.reports import Block, Cell, Heading, Paragraph
from stickprov_reporting.domain.reports.tables import Cells, Column, table, words
from stickprov_reporting.domain.reports.writing import Writer


def register_measures(measures: Sequence[RegisterMeasure], writer: Writer) -> list[Block]:
    """Return one table for each measure; nothing where none was made."""
    if not measures:
        return []
    title = writer.say("Uppgifter ur hela registret", "Figures from the whole register")
    note = writer.say(
        "Här är alla i registerutdraget räknade. Siffrorna har därför ingen osäkerhet av urval.",
        "Here everything in the register extract was counted, so the figures have no uncertainty from sampling.",
    )
    blocks: list[Block] = [Heading(level=2, text=title)]
    for measure in measures:
        blocks += _measure(measure, writer)
    return [*blocks, Paragraph(text=note, tone="note")]


def goals(measures: Sequence[RegisterMeasure], writer: Writer) -> list[str]:
    """Say of each measure that has a goal whether it is met."""
    told = []
    for measure in measures:
        if measure.goal is None or measure.total.meets_goal is None:
            continue
        share, goal = writer.percent(measure.total.value), _goal(measure.goal, writer)
        if measure.total.meets_goal:
            told.append(
                writer.say(
                    f"{measure.title}: {share} når målet ({goal}).",
                    f"{measure.title}: {share} meets the goal ({goal}).",
                )
            )
        else:
            told.append(
                writer.say(
                    f"{measure.title}: {share} når inte målet ({goal}).",
                    f"{measure.title}: {share} does not meet the goal ({goal}).",
                )
            )
    return told


def _measure(measure: RegisterMeasure, writer: Writer) -> list[Block]:
    cells, say, is_sum = Cells(writer), writer.say, measure.kind == "sum"
    whole = measure.total.model_copy(update={"name": say("Hela registret", "The whole register")})
    rows = [*_parts(measure, writer), whole]

    def met(row: RegisterPart) -> Cell:
        if row.meets_goal is None:
            return words("")
        return words(say("Ja", "Yes") if row.meets_goal else say("Nej", "No"))

    columns: list[Column[RegisterPart]] = [
        Column(say("Del", "Part"), lambda row: words(row.name)),
        Column(say("Summa", "Sum") if is_sum else say("Antal", "Count"), lambda row: cells.decimal(row.numerator)),
        Column(say("Av", "Of"), lambda row: cells.count(row.denominator)),
    ]
    if not is_sum:
        columns.append(Column(say("Andel", "Share"), lambda row: cells.made_of(row.value, row.numerator)))
    columns.append(Column(say("Når målet", "Meets the goal"), met, optional=True))
    goal = f" ({say('mål', 'goal')}: {_goal(measure.goal, writer)})" if measure.goal else ""
    caption = f"{measure.title}, {writer.range(measure.period.start, measure.period.end)}{goal}"
    return [table(caption, columns, rows, totals=1)]


def _parts(measure: RegisterMeasure, writer: Writer) -> list[RegisterPart]:
    """Return the parts that tell something: months, units and categories where there are several."""
    found: list[RegisterPart] = []
    if len(measure.months) > 1:
        found += [part.model_copy(update={"name": writer.month(part.name)}) for part in measure.months]
    for parts, nameless in (
        (measure.units, writer.say("Ingen enhet", "No unit")),
        (measure.categories, writer.say("Ingen kategori", "No category")),
    ):
        if len(parts) > 1:
            named = [part if part.name else part.model_copy(update={"name": nameless}) for part in parts]
            found += sorted(named, key=lambda part: writer.order(part.name))
    return found


def _goal(goal: Goal, writer: Writer) -> str:
    share = writer.precise_percent(goal.share)
    if goal.direction == "at-least":
        return writer.say(f"minst {share}", f"at least {share}")
    return writer.say(f"högst {share}", f"at most {share}")
