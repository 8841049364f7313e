"""How first and second reviewer agree."""

from collections.abc import Mapping

from stickprov_contracts.http.statistics import Agreement
from stickprov_reporting.domain.projection.counting import SECOND
from stickprov_reporting.domain.statistics.shares import share


def agreement_of(totals: Mapping[str, int]) -> Agreement | None:
    """Return the agreement from counts by indicator, None where no case has both reviews."""
    both = totals.get(SECOND + "both", 0)
    if not both:
        return None
    remarked, first, second, neither = (
        totals.get(SECOND + outcome, 0) for outcome in ("remark-remark", "remark-none", "none-remark", "none-none")
    )
    return Agreement(
        both=both,
        agreed=share(remarked + neither, both),
        both_remarked=remarked,
        first_only=first,
        second_only=second,
        neither=neither,
        kappa=kappa(remarked, first, second, neither),
        settled=totals.get(SECOND + "settled", 0),
    )


def kappa(both: int, first: int, second: int, neither: int) -> float | None:
    """Return Cohen's (1960) kappa: how much of what chance leaves open is agreed on.

    Cases in which both see a remark, the first alone, the second alone, and neither. 1 is full agreement, 0 what
    chance gives; None when chance alone makes them agree on all.
    """
    total = both + first + second + neither
    by_chance = (both + first) * (both + second) + (second + neither) * (first + neither)
    if by_chance == total * total:
        return None
    return (total * (both + neither) - by_chance) / (total * total - by_chance)
