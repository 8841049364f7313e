"""A control point's statistics without what gives small numbers away: the one place that decides it for every format.

What must not break: builders get figures out of which the others are erased, so nothing they write can tell them; and
a figure that is made of counts (a mean, a weighted share, an interval, a verdict) stays only where each of those counts
could stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stickprov_contracts.http.statistics import (
    Agreement,
    Counts,
    FileReviewStatistics,
    MonthStatistics,
    Share,
    Statistics,
    StratumStatistics,
    SubunitStatistics,
    UnitStatistics,
)
from stickprov_reporting.domain.reports.small_cells.answers import Answers, safe_categories, safe_questions
from stickprov_reporting.domain.reports.small_cells.losses import losses_are_small, without_losses
from stickprov_reporting.domain.reports.small_cells.tree import Count, is_small, protect
from stickprov_reporting.domain.reports.withheld import WITHHELD


@dataclass(frozen=True, slots=True)
class _Remarks:
    """The remarks of a control point as a tree: the whole, by month and stratum, and by unit."""

    whole: Count
    months: list[Count]
    strata: dict[int, Count]
    units: list[Count]

    @property
    def any_hidden(self) -> bool:
        return any(count.hidden for count in [self.whole, *self.months, *self.strata.values(), *self.units])


def without_small(statistics: Statistics, below: int) -> Statistics:
    """Return statistics that a report may print when numbers below a limit are left out.

    Frames, drawn and reviewed cases are how the control was done, not what it found, and always stay.
    """
    remarks = _remarks(statistics, below)
    few_lost = losses_are_small(statistics, below)
    parts_stay = not (remarks.any_hidden or few_lost or _has_small_stratum(statistics, below))
    answers = Answers(
        below,
        outcome_hidden=remarks.whole.hidden,
        outcome_small=is_small(statistics.total.remarks, statistics.total.reviewed, below),
        intervals=parts_stay and len(statistics.strata) <= len(statistics.months),
    )
    kept = statistics.model_copy(
        update={
            "total": _counts(statistics.total, remarks.whole),
            "months": [_part(*one, parts_stay) for one in zip(statistics.months, remarks.months, strict=True)],
            "strata": _strata(statistics.strata, remarks.strata, parts_stay),
            "units": [_unit(*one) for one in zip(statistics.units, remarks.units, strict=True)],
            "pooled": _share(statistics.pooled, remarks.whole),
            "mean_of_months": None if any(month.hidden for month in remarks.months) else statistics.mean_of_months,
            **_whole(statistics, parts_stay),
            "categories": safe_categories(statistics, answers),
            "questions": safe_questions(statistics.questions, answers),
            "subunits": _subunits(statistics.subunits, remarks.whole, below, parts_stay),
            "agreement": _agreement(statistics.agreement, remarks.whole, below),
            "file_review": _file_review(statistics.file_review, remarks.whole, answers),
        }
    )
    return without_losses(kept) if few_lost else kept


def _whole(statistics: Statistics, parts_stay: bool) -> dict[str, object]:
    """Return what is made of every part of the whole, where all of them stay."""
    names = ("weighted", "interval", "missing", "verdict")
    return {name: getattr(statistics, name) if parts_stay else None for name in names}


def _remarks(statistics: Statistics, below: int) -> _Remarks:
    whole = _count(statistics.total)
    months = [_count(month) for month in statistics.months]
    units = [_count(unit) for unit in statistics.units]
    strata = {place: _count(one) for place, one in enumerate(statistics.strata) if _is_printed(one, statistics)}
    for month, count in zip(statistics.months, months, strict=True):
        inside = [strata[place] for place in strata if statistics.strata[place].month == month.month]
        if inside:
            count.is_sum_of(inside)
    if months:
        whole.is_sum_of(months)
    if len(units) > 1:
        whole.is_sum_of(units)
    protect(whole, below)
    return _Remarks(whole, months, strata, units)


def _is_printed(stratum: StratumStatistics, statistics: Statistics) -> bool:
    return bool(stratum.stratum) and all(draw.design != "per_group" for draw in statistics.draws)


def _has_small_stratum(statistics: Statistics, below: int) -> bool:
    """Tell whether an estimate is made of small parts, printed or not."""
    return any(is_small(stratum.remarks, stratum.reviewed, below) for stratum in statistics.strata)


def _count(counts: Counts | UnitStatistics) -> Count:
    return Count(counts.remarks, counts.reviewed)


def _share(share: Share, count: Count) -> Share:
    if not count.hidden:
        return share
    return share.model_copy(update={"numerator": WITHHELD, "value": None})


def _counts(counts: Counts, count: Count) -> Counts:
    if not count.hidden:
        return counts
    return counts.model_copy(update={"remarks": WITHHELD, "remark_share": _share(counts.remark_share, count)})


def _part(counts: MonthStatistics | StratumStatistics, count: Count, parts_stay: bool) -> Counts:
    kept = _counts(counts, count)
    return kept if parts_stay else kept.model_copy(update={"interval": None})


def _strata(found: Sequence[StratumStatistics], counts: dict[int, Count], parts_stay: bool) -> list[Counts]:
    unprinted = Count(0, 0, hidden=not parts_stay)
    return [_part(one, counts.get(place, unprinted), parts_stay) for place, one in enumerate(found)]


def _unit(unit: UnitStatistics, count: Count) -> UnitStatistics:
    if not count.hidden:
        return unit
    return unit.model_copy(update={"remarks": WITHHELD, "remark_share": _share(unit.remark_share, count)})


def _subunits(
    subunits: SubunitStatistics | None,
    whole: Count,
    below: int,
    parts_stay: bool,
) -> SubunitStatistics | None:
    if subunits is None:
        return None
    hidden = whole.hidden or is_small(subunits.remarks, subunits.reviewed, below)
    kept = subunits if parts_stay and not hidden else subunits.model_copy(update={"interval": None})
    if not hidden:
        return kept
    share = subunits.remark_share.model_copy(update={"numerator": WITHHELD, "value": None})
    return kept.model_copy(update={"remarks": WITHHELD, "remark_share": share})


def _agreement(found: Agreement | None, whole: Count, below: int) -> Agreement | None:
    """Return how two reviewers agreed where no outcome of theirs is small: all of it, or nothing."""
    if found is None or whole.hidden:
        return None
    outcomes = (found.both_remarked, found.first_only, found.second_only, found.neither)
    return None if any(is_small(outcome, found.both, below) for outcome in outcomes) else found


def _file_review(found: FileReviewStatistics | None, whole: Count, answers: Answers) -> FileReviewStatistics | None:
    """Return the second looks; how many were due is how many had a remark."""
    if found is None or whole.hidden or is_small(found.remarks, found.reviewed, answers.below):
        return None
    return found.model_copy(update={"questions": safe_questions(found.questions, answers)})
