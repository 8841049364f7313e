"""Statistics and trends as rows of a table for spreadsheets: one row for each figure, nothing folded together.

Column names are fixed words, so that a file of one control point can be laid below another's. Identifiers are texts.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from stickprov_client.documents.table_writing import Cell
from stickprov_contracts.http.statistics import Counts, Interval, QuestionStatistics, Share, Statistics
from stickprov_contracts.http.trends import Difference, Trend

_OF: Final = ("control_point", "from", "to")
_PART: Final = ("part", "name", "month", "stratum")
_COUNTS: Final = ("size", "drawn", "reviewed", "over_coverage", "non_response", "waiting", "remarks")
_SHARE: Final = ("numerator", "denominator", "share")
_INTERVAL: Final = (
    "estimate_share",
    "lower_share",
    "upper_share",
    "lower",
    "upper",
    "confidence",
    "method",
    "exact",
    "assumptions",
)
_DIFFERENCE: Final = ("difference", "difference_lower", "difference_upper", "told")
_DECIMALS: Final = 10

Row = list[Cell]


def statistics_table(statistics: Statistics) -> tuple[list[str], list[Row]]:
    """Return headings and a row for the whole, each month, stratum, unit, category, answer and reason."""
    of: Row = [statistics.control_point, statistics.start, statistics.end]
    columns = [*_OF, *_PART, *_COUNTS, *_SHARE, *_INTERVAL]
    return columns, [[*of, *row] for row in _rows(statistics)]


def trend_table(trend: Trend) -> tuple[list[str], list[Row]]:
    """Return headings and a row for each period, with its difference from the one before."""
    columns = [
        "control_point",
        "period",
        "from",
        "to",
        *_COUNTS,
        *_SHARE,
        "mean_of_months",
        "weighted",
        *_INTERVAL,
        "tolerance",
        "verdict",
        *_DIFFERENCE,
    ]
    rows: list[Row] = [
        [
            trend.control_point,
            one.label,
            one.start,
            one.end,
            *_counts(one.counts),
            *_share(one.pooled),
            _decimal(one.mean_of_months),
            _decimal(one.weighted),
            *_interval(one.interval),
            one.verdict.tolerance if one.verdict else None,
            one.verdict.verdict if one.verdict else None,
            *_difference(one.difference),
        ]
        for one in trend.periods
    ]
    return columns, rows


def _rows(statistics: Statistics) -> Iterator[Row]:
    yield [*_part("total"), *_counts(statistics.total), *_share(statistics.pooled), *_interval(statistics.interval)]
    for name, value in (("mean_of_months", statistics.mean_of_months), ("weighted", statistics.weighted)):
        yield [*_part("share", name), *_blank(_COUNTS), None, None, _decimal(value), *_interval(None)]
    if statistics.missing is not None:
        yield [*_part("missing", "at_random"), *_blank((*_COUNTS, *_SHARE)), *_interval(statistics.missing.at_random)]
        yield [*_part("missing", "worst_case"), *_blank((*_COUNTS, *_SHARE)), *_interval(statistics.missing.worst_case)]
    for month in statistics.months:
        yield [
            *_part("month", month=month.month),
            *_counts(month),
            *_share(month.remark_share),
            *_interval(month.interval),
        ]
    for stratum in statistics.strata:
        part = _part("stratum", month=stratum.month, stratum=stratum.stratum)
        yield [*part, *_counts(stratum), *_share(stratum.remark_share), *_interval(stratum.interval)]
    for unit in statistics.units:
        counts = [None, unit.drawn, unit.reviewed, unit.over_coverage, unit.non_response, unit.waiting, unit.remarks]
        yield [*_part("unit", unit.unit), *counts, *_share(unit.remark_share), *_interval(None)]
    for category in statistics.categories:
        yield _of_share(_part("category", category.category), category.share, category.interval)
    for question in statistics.questions:
        yield from _answers("answer", question)
    for reason in statistics.reasons:
        name = f"{reason.outcome}:{reason.level}:{reason.reason}"
        yield [*_part("reason", name), *_blank(_COUNTS), reason.count, None, None, *_interval(None)]
    yield from _inside(statistics)


def _inside(statistics: Statistics) -> Iterator[Row]:
    inside = statistics.subunits
    if inside is not None:
        counts = [inside.size, inside.drawn, inside.reviewed, inside.over_coverage, inside.non_response]
        counts += [inside.waiting, inside.remarks]
        yield [*_part("subunits", inside.name), *counts, *_share(inside.remark_share), *_interval(inside.interval)]
    agreement = statistics.agreement
    if agreement is not None:
        yield _of_share(_part("agreement", "agreed"), agreement.agreed, None)
        yield [*_part("agreement", "kappa"), *_blank(_COUNTS), None, None, _decimal(agreement.kappa), *_interval(None)]
    again = statistics.file_review
    if again is not None:
        yield _of_share(_part("file_review", "remarks"), again.remark_share, None)
        for question in again.questions:
            yield from _answers("file_review_answer", question)


def _answers(part: str, question: QuestionStatistics) -> Iterator[Row]:
    asked = f"{question.questionnaire}:{question.question}"
    for option in question.options:
        yield _of_share(_part(part, f"{asked}:{option.option}"), option.share, option.interval)
    number = question.number
    if number is not None:
        row = [None, number.answered, number.mean]
        yield [*_part(part, f"{asked}:mean"), *_blank(_COUNTS), *row, *_interval(None)]
        yield [*_part(part, f"{asked}:total"), *_blank(_COUNTS), number.total, number.answered, None, *_interval(None)]


def _of_share(part: Row, share: Share, interval: Interval | None) -> Row:
    return [*part, *_blank(_COUNTS), *_share(share), *_interval(interval)]


def _part(part: str, name: str = "", month: str = "", stratum: str = "") -> Row:
    return [part, name, month, stratum]


def _blank(columns: Sequence[str]) -> Row:
    return [None] * len(columns)


def _counts(counts: Counts) -> Row:
    return [getattr(counts, name) for name in _COUNTS]


def _share(share: Share) -> Row:
    return [share.numerator, share.denominator, _decimal(share.value)]


def _interval(interval: Interval | None) -> Row:
    if interval is None:
        return _blank(_INTERVAL)
    numbers = (interval.estimate_share, interval.lower_share, interval.upper_share, interval.lower, interval.upper)
    return [
        *(_decimal(number) for number in numbers),
        _decimal(interval.confidence),
        interval.method,
        "yes" if interval.exact else "no",
        " ".join(interval.assumptions),
    ]


def _difference(difference: Difference | None) -> Row:
    if difference is None:
        return _blank(_DIFFERENCE)
    numbers = (difference.estimate, difference.lower, difference.upper)
    return [*(_decimal(number) for number in numbers), difference.told]


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else round(Decimal(repr(float(number))), _DECIMALS).normalize()
