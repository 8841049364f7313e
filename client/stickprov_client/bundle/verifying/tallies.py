"""A control point's counts for a date range, from the cases that were folded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stickprov_client.bundle.verifying.counting import MISSED, OVER, REVIEWED, WAITING, CaseFold, Outcome, PointFold
from stickprov_client.bundle.verifying.draw_log import DrawnCase
from stickprov_client.bundle.verifying.estimates import DRAWN, REMARKED, Name, Spot, View

INSIDE: Name = ("inside",)
"""What stands before the name of a count of subunits."""
FILED: Name = ("file",)
"""What stands before the name of a count of file reviews."""
PAIRS: Name = ("second",)


@dataclass(frozen=True)
class Counted:
    """What is counted for a range.

    Attributes:
        view: by spot. units: the same names by organisational unit.
    """

    view: View
    units: Mapping[str, Mapping[Name, int]]


def counted(point: PointFold, start: str, end: str) -> Counted:
    """Count the cases of every draw whose period lies within ``[start, end)``, days as YYYY-MM-DD."""
    draws = {
        draw: found
        for draw, found in point.draws.items()
        if start <= found.sample["period"]["start"] and found.sample["period"]["end"] <= end
    }
    sizes: dict[Spot, int] = {}
    for draw, found in draws.items():
        for cell in found.allocation:
            spot = Spot(draw, cell["month"], cell["stratum"])
            sizes[spot] = sizes.get(spot, 0) + cell["size"]
    counts: dict[Name, dict[Spot, int]] = {}
    units: dict[str, dict[Name, int]] = {}
    for (draw, _), case in point.cases.items():
        drawn = case.drawn
        if drawn is None or case.replaced or draw not in draws:
            continue
        spot = Spot(draw, drawn.month, drawn.stratum)
        of_unit = units.setdefault(drawn.unit, {})
        for name, count in _counts(case, drawn):
            at = counts.setdefault(name, {})
            at[spot] = at.get(spot, 0) + count
            of_unit[name] = of_unit.get(name, 0) + count
    return Counted(View(draws, sizes, counts), units)


def _counts(case: CaseFold, drawn: DrawnCase) -> Iterator[tuple[Name, int]]:
    review = case.review
    yield DRAWN, 1
    yield from _of_outcome((), review)
    yield from _of_subunits(review, len(drawn.subunits))
    if case.first is not None and case.second is not None:
        yield (*PAIRS, "both"), 1
        yield (*PAIRS, "remark" if case.first else "none", "remark" if case.second else "none"), 1
    if review.settled:
        yield (*PAIRS, "settled"), 1
    if review.remark and review.status == REVIEWED and case.file.status == REVIEWED:
        for name, count in _of_outcome(FILED, case.file):
            if "number" not in name:
                yield name, count


def _of_outcome(of: Name, outcome: Outcome) -> Iterator[tuple[Name, int]]:
    if outcome.status == WAITING:
        return
    yield (*of, outcome.status), 1
    if outcome.status != REVIEWED:
        yield (*of, outcome.status, outcome.reason), 1
        return
    if outcome.remark:
        yield of + REMARKED, 1
        for category in outcome.categories:
            yield (*of, "category", category), 1
    for answer in outcome.answers:
        key = (outcome.questionnaire, answer.question)
        yield (*of, "asked", *key), 1
        for option in answer.chosen:
            yield (*of, "answer", *key, option), 1
        if answer.millionths is not None:
            yield (*of, "number", *key), answer.millionths


def _of_subunits(review: Outcome, drawn: int) -> Iterator[tuple[Name, int]]:
    if drawn:
        yield (*INSIDE, *DRAWN), drawn
    if review.status in {OVER, MISSED} and drawn:
        yield (*INSIDE, review.status), drawn
        yield (*INSIDE, review.status, review.reason), drawn
    for one in review.inside:
        yield from _of_outcome(INSIDE, one)
