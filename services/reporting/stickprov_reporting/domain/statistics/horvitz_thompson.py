"""Cases that had chances of their own (``pps``): each weighs as much as its chance was small.

Total ``Y = sum(y/pi)`` (Horvitz and Thompson 1952) with Hájek's approximation of its variance, which needs no chances
of pairs: ``V = n/(n-1) * sum((1-pi) * (y/pi - B)^2)``, ``B = sum((1-pi) y/pi) / sum(1-pi)`` (Hájek 1964), over the
cases that could have been left out. A share is a ratio of two totals, its variance that of ``y - R m``.

Where cases are missing, the chance to be drawn and known stands for the chance to be drawn: as if missing at random.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from stickprov_contracts.http.statistics import NoInterval
from stickprov_reporting.domain.projection.counting import OVER_COVERAGE, REVIEWED
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE
from stickprov_reporting.domain.statistics.interval import limits_of
from stickprov_reporting.domain.statistics.mover import Term
from stickprov_reporting.domain.statistics.normal import half_width, share_limits, total_limits
from stickprov_reporting.domain.statistics.parts import Measure, Part
from stickprov_reporting.domain.statistics.tally import WeighedCase


class Weighed(NamedTuple):
    """A known case.

    Attributes:
        chance: to be drawn and known. counted: y. among: m.
    """

    chance: float
    counted: int
    among: int


Draws = Mapping[UUID, Sequence[Weighed]]
"""The known cases of each draw, in an order that does not depend on the order in which they were heard."""


def known_cases(cases: Sequence[WeighedCase], measure: Measure) -> dict[UUID, list[Weighed]]:
    """Return the known cases of each draw."""
    drawn: dict[UUID, int] = {}
    known: dict[UUID, list[WeighedCase]] = {}
    for case in cases:
        drawn[case.draw] = drawn.get(case.draw, 0) + 1
        if case.counts.get(REVIEWED) or case.counts.get(OVER_COVERAGE):
            known.setdefault(case.draw, []).append(case)
    return {
        draw: sorted(
            Weighed(
                case.chance * (len(known.get(draw, ())) / count),
                case.counts.get(measure.counted, 0),
                case.counts.get(measure.among, 0),
            )
            for case in known.get(draw, ())
        )
        for draw, count in sorted(drawn.items())
    }


def why_not_weighed(draws: Draws) -> NoInterval | None:
    """Return why there is no interval, None if there is one."""
    if not any(case.among for cases in draws.values() for case in cases):
        return "nothing-reviewed"
    if not all(draws.values()):
        return "part-without-review"
    alone = any(sum(case.chance < 1 for case in cases) == 1 for cases in draws.values())
    return "one-per-group" if alone else None


def totals_of(draws: Draws) -> tuple[float, float]:
    """Return the estimated totals of y and m in the frames."""
    cases = [case for found in draws.values() for case in found]
    return math.fsum(case.counted / case.chance for case in cases), math.fsum(
        case.among / case.chance for case in cases
    )


def variance_of_total(draws: Draws, ratio: float) -> float:
    """Return the estimated variance of the total of ``y - ratio * m``."""
    return math.fsum(_variance(cases, ratio) for cases in draws.values())


def _variance(cases: Sequence[Weighed], ratio: float) -> float:
    unsure = [(case.chance, (case.counted - ratio * case.among) / case.chance) for case in cases if case.chance < 1]
    if not unsure:
        return 0.0
    middle = math.fsum((1 - chance) * value for chance, value in unsure) / math.fsum(1 - chance for chance, _ in unsure)
    spread = math.fsum((1 - chance) * (value - middle) ** 2 for chance, value in unsure)
    return spread * len(unsure) / (len(unsure) - 1)


def weighed_limits(draws: Draws, size: int, confidence: Fraction = CONFIDENCE) -> Term:
    """Return the share with limits; needs ``why_not_weighed`` to be None.

    Args:
        draws: the known cases.
        size: N, units in the frames.
        confidence: between 0 and 1, both excluded.
    """
    counted, among = totals_of(draws)
    ratio = counted / among
    if all(case.chance >= 1 for cases in draws.values() for case in cases):
        return Term(ratio, ratio, ratio)
    variance = variance_of_total(draws, ratio) / among**2
    if 0 < ratio < 1 and variance:
        return Term(ratio, *share_limits(ratio, half_width(variance, _freedom(draws), confidence)))
    return _without_variance(draws, ratio, size, confidence)


def _without_variance(draws: Draws, ratio: float, size: int, confidence: Fraction) -> Term:
    """Return limits where the known cases do not differ, such as when none has a remark.

    That is no proof that the others are like them. As many cases as weigh the same (Kish's effective number) stand
    for a simple draw.
    """
    weights = [1 / case.chance for cases in draws.values() for case in cases if case.among]
    effective = min(size, max(1, math.floor(math.fsum(weights) ** 2 / math.fsum(weight**2 for weight in weights))))
    lower = limits_of([Part(size, effective, math.floor(ratio * effective))], 0, confidence).lower / size
    upper = limits_of([Part(size, effective, math.ceil(ratio * effective))], 0, confidence).upper / size
    return Term(ratio, min(lower, ratio), max(upper, ratio))


def weighed_units(draws: Draws, size: int, confidence: Fraction = CONFIDENCE) -> Term:
    """Return the number of units with an outcome, with limits; needs ``why_not_weighed`` to be None.

    Never fewer than were seen, nor more than the frames have beside those seen without it.
    """
    cases = [case for found in draws.values() for case in found]
    seen = sum(case.counted for case in cases)
    most = size - (len(cases) - seen)
    total = totals_of(draws)[0]
    estimate = min(max(total, seen), most)
    variance = variance_of_total(draws, 0.0)
    if variance:
        lower, upper = total_limits(total, half_width(variance, _freedom(draws), confidence))
    else:
        share = weighed_limits(draws, size, confidence)
        lower, upper = share.lower * size, share.upper * size
    return Term(estimate, min(max(lower, seen), estimate), max(min(upper, most), estimate))


def _freedom(draws: Draws) -> int:
    return max(1, sum(sum(case.chance < 1 for case in cases) - 1 for cases in draws.values()))
