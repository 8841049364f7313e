"""The figures of a control point: the whole period, its months with their chart, strata and units.

What must not break: numerator and denominator stand beside every percentage, and every share and interval is named by
how it was made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stickprov_contracts.http.reports import Block, Cell, Chart, ChartPoint, Heading, Paragraph, Table
from stickprov_contracts.http.statistics import Counts, Interval, MonthStatistics, Share, Statistics, SubunitStatistics
from stickprov_reporting.domain.reports.drawing import Picture, interval_chart, scale
from stickprov_reporting.domain.reports.methods import method_name, no_interval, said_of
from stickprov_reporting.domain.reports.tables import Cells, Column, table, words
from stickprov_reporting.domain.reports.withheld import is_withheld
from stickprov_reporting.domain.reports.writing import NOTHING, Writer


@dataclass(frozen=True, slots=True)
class _Figure:
    """A row of the overview."""

    name: str
    value: Cell
    made: Share | None
    how: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of counts: a month, a stratum, or the whole."""

    name: str
    counts: Counts
    interval: Interval | None
    month: str = ""


def overview(statistics: Statistics, writer: Writer) -> list[Block]:
    """Return the whole period's figures in one table, each with what it is made of and how."""
    if not statistics.total.drawn:
        return []
    rows = [*_shares(statistics, writer), *_limits(statistics, writer), *_subunits(statistics.subunits, writer)]
    cells, say = Cells(writer), writer.say
    columns: list[Column[_Figure]] = [
        Column(say("Mått", "Measure"), lambda row: words(row.name)),
        Column(say("Värde", "Value"), lambda row: row.value),
        Column(say("Täljare", "Numerator"), lambda row: cells.count(row.made.numerator if row.made else None)),
        Column(say("Nämnare", "Denominator"), lambda row: cells.count(row.made.denominator if row.made else None)),
        Column(say("Så är det beräknat", "How it was computed"), lambda row: words(row.how)),
    ]
    caption = say("Hela perioden", "The whole period")
    blocks: list[Block] = [table(caption, columns, rows, widths=(31, 17, 11, 12, 29))]
    subunits = statistics.subunits.interval if statistics.subunits else None
    notes = said_of([statistics.interval, subunits], writer)
    notes += [no_interval(statistics.no_interval, writer)] if statistics.no_interval else []
    return [*blocks, *(Paragraph(text=note, tone="note") for note in notes)]


def by_month(statistics: Statistics, writer: Writer) -> list[Block]:
    """Return the months' shares as a chart with their intervals, and in a table; nothing for a single month."""
    months = statistics.months
    if len(months) < 2:  # noqa: PLR2004 - one month says nothing that the whole does not
        return []
    heading = Heading(level=2, text=writer.say("Månad för månad", "Month by month"))
    counted = _months_table(statistics, writer)
    notes = [Paragraph(text=note, tone="note") for note in said_of((month.interval for month in months), writer)]
    if all(month.remark_share.value is None for month in months):
        return [heading, counted]
    return [heading, _months_chart(statistics, counted, writer), *notes]


def by_stratum(statistics: Statistics, writer: Writer) -> list[Block]:
    """Return the strata's counts, in alphabetical order within their months; nothing where there are none.

    A handler's own cases are a stratum too, and are not told: a report judges a routine, not its people.
    """
    told = [stratum for stratum in statistics.strata if stratum.stratum]
    if not told or any(draw.design == "per_group" for draw in statistics.draws):
        return []
    one_month = len({stratum.month for stratum in told}) == 1
    ordered = sorted(told, key=lambda stratum: (stratum.month, writer.order(stratum.stratum)))
    rows = [
        _Line(stratum.stratum, stratum, stratum.interval, "" if one_month else writer.month(stratum.month))
        for stratum in ordered
    ]
    say = writer.say
    first: list[Column[_Line]] = [
        Column(say("Stratum", "Stratum"), lambda row: words(row.name)),
        Column(say("Månad", "Month"), lambda row: words(row.month), optional=True),
    ]
    caption = say("Antal och andelar stratum för stratum", "Counts and shares stratum by stratum")
    return [
        Heading(level=2, text=say("Stratum för stratum", "Stratum by stratum")),
        table(caption, [*first, *_count_columns(rows, writer)], rows),
        *(Paragraph(text=note, tone="note") for note in said_of((row.interval for row in rows), writer)),
    ]


def by_unit(statistics: Statistics, writer: Writer) -> list[Block]:
    """Return the organisational units' counts, in alphabetical order; nothing where fewer than two are told."""
    units = sorted(statistics.units, key=lambda unit: writer.order(unit.unit))
    if len(units) < 2:  # noqa: PLR2004 - one unit says nothing that the whole does not
        return []
    cells, say = Cells(writer), writer.say
    caption = say("Antal och andelar enhet för enhet", "Counts and shares unit by unit")
    return [
        Heading(level=2, text=say("Enhet för enhet", "Unit by unit")),
        table(
            caption,
            [
                Column(say("Enhet", "Unit"), lambda row: words(row.unit or say("Ingen enhet", "No unit"))),
                Column(say("Urval", "Drawn"), lambda row: cells.count(row.drawn)),
                Column(say("Övertäckning", "Over-coverage"), lambda row: cells.count(row.over_coverage), optional=True),
                Column(say("Bortfall", "Non-response"), lambda row: cells.count(row.non_response), optional=True),
                Column(say("Återstår", "Waiting"), lambda row: cells.count(row.waiting), optional=True),
                Column(say("Granskade", "Reviewed"), lambda row: cells.count(row.reviewed)),
                Column(say("Med anmärkning", "With a remark"), lambda row: cells.count(row.remarks)),
                Column(say("Andel", "Share"), lambda row: cells.of(row.remark_share)),
            ],
            units,
        ),
        Paragraph(
            text=say(
                "Andelen är anmärkningar av granskade. Hur många som finns i varje enhets urvalsram är inte känt, och "
                "små antal varierar mycket av slump.",
                "The share is remarks of reviewed. How many there are in each unit's frame is not known, and small "
                "numbers vary a good deal by chance.",
            ),
            tone="note",
        ),
    ]


def _shares(statistics: Statistics, writer: Writer) -> list[_Figure]:
    cells, say, total = Cells(writer), writer.say, statistics.total
    rows = [
        _Figure(
            say("Urvalets andel av urvalsramen", "Sampling fraction"),
            cells.of(total.sampling_fraction),
            total.sampling_fraction,
            say("dragna av urvalsramen", "drawn of the frame"),
        ),
        _Figure(
            say("Sammanlagd andel med anmärkning", "Pooled share with a remark"),
            cells.of(statistics.pooled),
            statistics.pooled,
            say("alla anmärkningar av alla granskade", "all remarks of all reviewed"),
        ),
    ]
    if len(statistics.months) > 1 and not _is_left_out(statistics):
        how = say("varje månads andel räknas lika", "every month's share counts alike")
        name = say("Medelvärde av månadernas andelar", "Mean of the months' shares")
        rows.append(_Figure(name, cells.share(statistics.mean_of_months), None, how))
    if statistics.weighted is not None and len(statistics.months) + len(statistics.strata) > 2:  # noqa: PLR2004
        how = say("varje del räknas efter sin storlek i urvalsramen", "each part counts by its size in the frame")
        rows.append(_Figure(say("Vägd andel", "Weighted share"), cells.share(statistics.weighted), None, how))
    return rows


def _limits(statistics: Statistics, writer: Writer) -> list[_Figure]:
    """Return the interval in units and in shares, and what missing reviews could change."""
    say, rows = writer.say, []
    if statistics.interval is not None:
        rows += _both_limits(statistics.interval, statistics.unit_name, statistics.total.size, writer)
    missing = statistics.missing
    if missing is not None and missing.missing and missing.worst_case is not None:
        worst = missing.worst_case
        rows.append(
            _Figure(
                say("Andel, värsta fall för ej granskade", "Share, worst case for those not reviewed"),
                words(writer.percents(worst.lower_share, worst.upper_share)),
                None,
                say(
                    f"som om ingen, eller alla, av {writer.whole(missing.missing)} ej granskade hade en anmärkning",
                    f"as if none, or all, of {writer.whole(missing.missing)} not reviewed had a remark",
                ),
            )
        )
    return rows


def _both_limits(interval: Interval, unit_name: str, size: int | None, writer: Writer) -> list[_Figure]:
    say, how = writer.say, method_name(interval, writer)
    confidence = writer.precise_percent(round(interval.confidence, 6))
    counted = say(f"Antal {unit_name} med anmärkning", f"Number of {unit_name} with a remark")
    shared = say("Andel med anmärkning", "Share with a remark")
    name = say(f"konfidensintervall {confidence}", f"confidence interval {confidence}")
    if size:
        how += say(f"; av {writer.whole(size)} i urvalsramen", f"; of {writer.whole(size)} in the frame")
    return [
        _Figure(f"{counted}, {name}", words(writer.limits(interval)), None, how),
        _Figure(f"{shared}, {name}", words(writer.percents(interval.lower_share, interval.upper_share)), None, how),
    ]


def _is_left_out(statistics: Statistics) -> bool:
    """Tell whether the mean of the months is left out, because a month's remarks are."""
    return any(is_withheld(month.remarks) for month in statistics.months)


def _subunits(subunits: SubunitStatistics | None, writer: Writer) -> list[_Figure]:
    if subunits is None:
        return []
    cells, say, name = Cells(writer), writer.say, subunits.name
    rows = []
    if subunits.sampling_fraction is not None:
        fraction = subunits.sampling_fraction
        rows.append(
            _Figure(
                say(f"Urvalets andel av alla {name}", f"Sampling fraction of all {name}"),
                cells.of(fraction),
                fraction,
                say(f"{name} i dragna av {name} i urvalsramen", f"{name} in drawn cases of {name} in the frame"),
            )
        )
    rows.append(
        _Figure(
            say(f"Andel {name} med anmärkning", f"Share of {name} with a remark"),
            cells.of(subunits.remark_share),
            subunits.remark_share,
            say(f"av granskade {name}", f"of reviewed {name}"),
        )
    )
    return rows + (_both_limits(subunits.interval, name, subunits.size, writer) if subunits.interval else [])


def _months_table(statistics: Statistics, writer: Writer) -> Table:
    names = writer.months_apart([month.month for month in statistics.months])
    rows = [_Line(name, month, month.interval) for name, month in zip(names, statistics.months, strict=True)]
    whole = _Line(writer.say("Sammanlagt", "Together"), statistics.total, None)
    first: Column[_Line] = Column(writer.say("Månad", "Month"), lambda row: words(row.name))
    caption = writer.say("Antal och andelar månad för månad", "Counts and shares month by month")
    return table(caption, [first, *_count_columns(rows, writer)], [*rows, whole], totals=1)


def _count_columns(rows: Sequence[_Line], writer: Writer) -> list[Column[_Line]]:
    cells, say = Cells(writer), writer.say
    columns: list[Column[_Line]] = [
        Column(say("Urvalsram", "Frame"), lambda row: cells.count(row.counts.size)),
        Column(say("Urval", "Drawn"), lambda row: cells.count(row.counts.drawn)),
        Column(say("Övertäckning", "Over-coverage"), lambda row: cells.count(row.counts.over_coverage), optional=True),
        Column(say("Bortfall", "Non-response"), lambda row: cells.count(row.counts.non_response), optional=True),
        Column(say("Återstår", "Waiting"), lambda row: cells.count(row.counts.waiting), optional=True),
        Column(say("Granskade", "Reviewed"), lambda row: cells.count(row.counts.reviewed)),
        Column(say("Med anmärkning", "With a remark"), lambda row: cells.count(row.counts.remarks)),
        Column(say("Andel", "Share"), lambda row: cells.of(row.counts.remark_share)),
    ]
    if any(row.interval for row in rows):
        columns += [
            Column(say("Undre gräns", "Lower limit"), lambda row: cells.share(_end(row.interval, "lower"))),
            Column(say("Övre gräns", "Upper limit"), lambda row: cells.share(_end(row.interval, "upper"))),
        ]
    return columns


def _end(interval: Interval | None, end: str) -> float | None:
    if interval is None:
        return None
    return interval.lower_share if end == "lower" else interval.upper_share


def _months_chart(statistics: Statistics, counted: Table, writer: Writer) -> Chart:
    months, tolerance = statistics.months, statistics.tolerance
    points = [_month_point(month, writer) for month in months]
    highest = [point.upper if point.upper is not None else point.value or 0.0 for point in points]
    marks = scale(max(*highest, float(tolerance or 0) * 1.1, 0.01))
    say = writer.say
    title = say("Andel med anmärkning månad för månad", "Share with a remark month by month")
    description = _told(months, writer)
    line = None
    if tolerance is not None:
        name = say(f"Tolerans {writer.precise_percent(tolerance)}", f"Tolerance {writer.precise_percent(tolerance)}")
        line, description = (float(tolerance), name), f"{description} {name}."
    ticks = [writer.precise_percent(mark) for mark in marks]
    labelled = [
        point.model_copy(update={"label": _axis_label(month, months, writer), "text": writer.percent(point.value)})
        for point, month in zip(points, months, strict=True)
    ]
    picture = Picture(title, description, ticks, marks[-1], line)
    return Chart(
        shape="intervals",
        title=title,
        description=description,
        points=points,
        tolerance=None if tolerance is None else float(tolerance),
        svg=interval_chart(labelled, picture),
        table=counted,
    )


def _month_point(month: MonthStatistics, writer: Writer) -> ChartPoint:
    interval, share = month.interval, month.remark_share
    left_out = is_withheld(share.numerator)
    text = writer.share(share) if share.value is not None or left_out else NOTHING
    if interval is not None:
        text += f", {writer.percents(interval.lower_share, interval.upper_share)}"
    return ChartPoint(
        label=writer.month(month.month),
        value=share.value,
        lower=interval.lower_share if interval else None,
        upper=interval.upper_share if interval else None,
        text=text,
    )


def _axis_label(month: MonthStatistics, months: Sequence[MonthStatistics], writer: Writer) -> str:
    """Return a month's name, as short as the number of months needs."""
    if len(months) <= 6:  # noqa: PLR2004 - as many as have room for their names
        return writer.month_name(month.month)
    return writer.short_month(month.month)


def _told(months: Iterable[MonthStatistics], writer: Writer) -> str:
    """Say in words what the chart shows."""
    return "; ".join(f"{writer.month(month.month)} {_month_point(month, writer).text}" for month in months) + "."
