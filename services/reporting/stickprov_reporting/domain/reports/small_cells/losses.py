"""Why drawn cases were not reviewed, where saying so would give away few: over-coverage, non-response, waiting.

How many were drawn and reviewed stays, so their difference is known; which of the three it is made of is told
everywhere or nowhere. Then any of the difference may be any of the three, in every month, stratum and unit alike.
"""

from collections.abc import Iterable

from stickprov_contracts.http.statistics import Counts, Statistics, SubunitStatistics, UnitStatistics
from stickprov_reporting.domain.reports.withheld import WITHHELD

_UNTOLD = {"over_coverage": WITHHELD, "non_response": WITHHELD, "waiting": WITHHELD}


def losses_are_small(statistics: Statistics, below: int) -> bool:
    """Tell whether a number of lost cases or subunits is small in any part, or for any reason."""
    parts: list[Counts | UnitStatistics | SubunitStatistics] = [statistics.total, *statistics.units]
    parts += [*statistics.months, *statistics.strata]
    parts += [statistics.subunits] if statistics.subunits else []
    reasons = any(0 < reason.count < below for reason in statistics.reasons)
    return reasons or any(_is_small(part, below) for part in parts)


def without_losses(statistics: Statistics) -> Statistics:
    """Return statistics that do not tell losses apart, nor hold what is computed from them."""
    return statistics.model_copy(
        update={
            "total": _untold(statistics.total),
            "months": _all_untold(statistics.months),
            "strata": _all_untold(statistics.strata),
            "units": [unit.model_copy(update=_UNTOLD) for unit in statistics.units],
            "subunits": statistics.subunits and statistics.subunits.model_copy(update=_UNTOLD),
            "reasons": [],
            "no_interval": None,
        }
    )


def _is_small(part: Counts | UnitStatistics | SubunitStatistics, below: int) -> bool:
    lost = part.over_coverage + part.non_response
    told = any(0 < count < below for count in (part.over_coverage, part.non_response))
    return told or (lost > 0 and part.drawn < below)


def _untold(counts: Counts) -> Counts:
    return counts.model_copy(update=_UNTOLD)


def _all_untold(found: Iterable[Counts]) -> list[Counts]:
    return [_untold(one) for one in found]
