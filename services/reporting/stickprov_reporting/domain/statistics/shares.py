"""Three ways to say what share has a remark. The board's documents use two of them without saying which."""

from collections.abc import Sequence

from stickprov_contracts.http.statistics import Share
from stickprov_reporting.domain.statistics.mover import Part, estimate
from stickprov_reporting.domain.statistics.tally import Tally


def share(numerator: int, denominator: int) -> Share:
    """Return a share with what it is made of; of nothing there is no share."""
    value = numerator / denominator if denominator else None
    return Share(numerator=numerator, denominator=denominator, value=value)


def mean_of_months(months: Sequence[Tally]) -> float | None:
    """Return the unweighted mean of the months' shares; a month without units has none and does not count.

    None while another month has no reviewed case, or without months.
    """
    counted = [month for month in months if month.size or month.drawn]
    if not counted or not all(month.reviewed for month in counted):
        return None
    return sum(month.remarks / month.reviewed for month in counted) / len(counted)


def weighted(parts: Sequence[Part]) -> float | None:
    """Return ``sum(N_h * p_h) / sum(N_h)``; None while a part has no reviewed case, or without parts."""
    size = sum(part.size for part in parts)
    if not size or not all(part.reviewed for part in parts):
        return None
    return sum(estimate(part) for part in parts) / size
