"""What the remarks were about and what was answered: categories with their chart, and one table for each question."""

from collections.abc import Iterable, Sequence

from stickprov_contracts.http.reports import Block, Chart, ChartPoint, Heading, Paragraph
from stickprov_contracts.http.statistics import (
    CategoryStatistics,
    Interval,
    OptionStatistics,
    QuestionStatistics,
    Statistics,
)
from stickprov_reporting.domain.reports.drawing import Picture, bar_chart
from stickprov_reporting.domain.reports.methods import said_of
from stickprov_reporting.domain.reports.tables import Cells, Column, table, words
from stickprov_reporting.domain.reports.withheld import is_withheld
from stickprov_reporting.domain.reports.writing import Writer


def categories(statistics: Statistics, writer: Writer) -> list[Block]:
    """Return what the remarks were about, the commonest first; nothing where none are told apart."""
    found = _commonest_first(statistics.categories, writer)
    if not found or not statistics.total.reviewed:
        return []
    cells, say = Cells(writer), writer.say
    several, mean = len(statistics.months) > 1, say("Medel av månader", "Mean of months")
    columns: list[Column[CategoryStatistics]] = [
        Column(say("Anmärkning", "Remark"), lambda row: words(writer.say(row.sv, row.en))),
        Column(say("Antal", "Count"), lambda row: cells.count(row.share.numerator)),
        Column(say("Granskade", "Reviewed"), lambda row: cells.count(row.share.denominator)),
        Column(say("Andel", "Share"), lambda row: cells.of(row.share)),
        Column(mean, lambda row: cells.share(row.mean_of_months if several else None), optional=True),
        Column(say("Undre gräns", "Lower limit"), lambda row: cells.share(_lower(row.interval)), optional=True),
        Column(say("Övre gräns", "Upper limit"), lambda row: cells.share(_upper(row.interval)), optional=True),
    ]
    title = say("Andel av de granskade, efter slag av anmärkning", "Share of those reviewed, by kind of remark")
    points = [
        ChartPoint(
            label=writer.say(category.sv, category.en),
            value=category.share.value,
            text=_told(category, writer),
        )
        for category in found
    ]
    description = "; ".join(f"{point.label} {point.text}" for point in points) + "."
    chart = Chart(
        shape="bars",
        title=title,
        description=description,
        points=points,
        svg=bar_chart(points, Picture(title, description)),
        table=table(say("Antal och andelar efter slag", "Counts and shares by kind"), columns, found),
    )
    note = say(
        "Andelen är de granskade som har anmärkningen, av alla granskade. Den som har flera slags anmärkningar räknas "
        "på flera rader.",
        "The share is the reviewed that have the remark, of all reviewed. One with several kinds of remark counts on "
        "several rows.",
    )
    notes = [note, *said_of((category.interval for category in found), writer)]
    return [
        Heading(level=2, text=say("Anmärkningar efter slag", "Remarks by kind")),
        chart,
        *(Paragraph(text=text, tone="note") for text in notes),
    ]


def questions(asked: Sequence[QuestionStatistics], subunit: str, unit: str, writer: Writer) -> list[Block]:
    """Return one table for each question that was answered; ``subunit`` and ``unit`` are what its level is called."""
    told = [question for question in asked if question.asked and (question.options or question.number)]
    if not told:
        return []
    blocks: list[Block] = [Heading(level=2, text=writer.say("Svar på frågorna", "Answers to the questions"))]
    for question in told:
        blocks += _question(question, subunit if question.level == "subunit" else unit, writer)
    intervals = [option.interval for question in told for option in question.options]
    return [*blocks, *(Paragraph(text=text, tone="note") for text in said_of(intervals, writer))]


def _question(question: QuestionStatistics, counted: str, writer: Writer) -> list[Block]:
    cells, say = Cells(writer), writer.say
    whole = writer.whole
    answered = say(
        f"besvarad för {whole(question.asked)} av {whole(question.reviewed)} granskade {counted}",
        f"answered for {whole(question.asked)} of {whole(question.reviewed)} reviewed {counted}",
    )
    caption = f"{writer.say(question.sv, question.en)} ({answered})"
    blocks: list[Block] = []
    several, mean = len(question.asked_by_month) > 1, say("Medel av månader", "Mean of months")
    if question.options:
        columns: list[Column[OptionStatistics]] = [
            Column(say("Svar", "Answer"), lambda row: words(writer.say(row.sv, row.en))),
            Column(say("Antal", "Count"), lambda row: cells.count(row.share.numerator)),
            Column(say("Besvarade", "Answered"), lambda row: cells.count(row.share.denominator)),
            Column(say("Andel", "Share"), lambda row: cells.of(row.share)),
            Column(mean, lambda row: cells.share(row.mean_of_months if several else None), optional=True),
            Column(say("Vägd andel", "Weighted share"), lambda row: cells.share(row.weighted), optional=True),
            Column(say("Undre gräns", "Lower limit"), lambda row: cells.share(_lower(row.interval)), optional=True),
            Column(say("Övre gräns", "Upper limit"), lambda row: cells.share(_upper(row.interval)), optional=True),
        ]
        blocks.append(table(caption, columns, question.options))
    if question.number is not None:
        number = question.number
        blocks.append(
            table(
                caption,
                [
                    Column(say("Svar", "Answers"), lambda row: cells.count(row.answered)),
                    Column(say("Summa", "Sum"), lambda row: cells.decimal(row.total)),
                    Column(say("Medelvärde", "Mean"), lambda row: cells.decimal(row.mean)),
                ],
                [number],
            )
        )
    return blocks


def _commonest_first(found: Iterable[CategoryStatistics], writer: Writer) -> list[CategoryStatistics]:
    return sorted(
        found, key=lambda category: (-category.share.numerator, writer.order(writer.say(category.sv, category.en)))
    )


def _told(category: CategoryStatistics, writer: Writer) -> str:
    count = writer.whole(category.share.numerator)
    return count if is_withheld(category.share.numerator) else f"{count} ({writer.percent(category.share.value)})"


def _lower(interval: Interval | None) -> float | None:
    return None if interval is None else interval.lower_share


def _upper(interval: Interval | None) -> float | None:
    return None if interval is None else interval.upper_share
