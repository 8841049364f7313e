"""Each draw of the bundle once more: its story in the log, then the selection from seed and listing.

What must not break: a check is added, never weakened. While a seed is secret, what needs no seed is checked, and the
draw is told to be pending.
"""

from collections.abc import Mapping, Sequence
from math import isclose
from typing import Final

from stickprov_client.bundle.verifying.allotting import every_part_alike, wanted_by_rule
from stickprov_client.bundle.verifying.draw_log import (
    DrawnCase,
    Fields,
    Wanted,
    allocated,
    part_of,
    wanted_at,
)
from stickprov_client.bundle.verifying.draw_story import DrawFacts, check_story
from stickprov_client.bundle.verifying.listing import Listing
from stickprov_client.bundle.verifying.selecting import Selected, handlers_in, select, start_of, stratum_in
from stickprov_client.bundle.verifying.told import Different, Report, Sentence

_NEAR: Final = 1e-12
"""How near a chance by size is to the computed one; engines round floating numbers in ways of their own."""

NO_COLUMN: Final = Sentence(
    "Draw %(draw)s uses column “%(column)s”, which the listing of its frame does not have.",
    "Dragningen %(draw)s använder kolumnen ”%(column)s”, som inte finns i förteckningen över dess urvalsram.",
)
OTHER_UNITS: Final = Sentence(
    "In draw %(draw)s, month %(month)s, stratum “%(stratum)s”, the listing has %(found)s units, and the sample says "
    "%(said)s.",
    "I dragningen %(draw)s, månad %(month)s, stratum ”%(stratum)s”, har förteckningen %(found)s enheter, och "
    "stickprovet "
    "säger %(said)s.",
)
ANOTHER_START: Final = Sentence(
    "Draw %(draw)s starts at place %(said)s, and its seed gives %(found)s.",
    "Dragningen %(draw)s börjar på plats %(said)s, och fröet ger %(found)s.",
)
ANOTHER_N: Final = Sentence(
    "Draw %(draw)s takes %(said)s from “%(part)s”, and its rule gives %(found)s.",
    "Dragningen %(draw)s tar %(said)s ur ”%(part)s”, och dess regel ger %(found)s.",
)
OTHER_HANDLERS: Final = Sentence(
    "Draw %(draw)s gives its strata other numbers of handlers than the listing has.",
    "Dragningen %(draw)s anger andra antal handläggare i sina stratum än förteckningen har.",
)
LEFT_OUT: Final = Sentence(
    "Draw %(draw)s: seed and listing select case %(case)s as number %(order)s of “%(part)s”, and the log does "
    "not draw it.",
    "Dragningen %(draw)s: frö och förteckning ger ärendet %(case)s som nummer %(order)s ur ”%(part)s”, och "
    "loggen drar det "
    "inte.",
)
NOT_SELECTED: Final = Sentence(
    "Draw %(draw)s: the log draws case %(case)s, which seed and listing do not select.",
    "Dragningen %(draw)s: loggen drar ärendet %(case)s, som frö och förteckning inte ger.",
)
OUT_OF_TURN: Final = Sentence(
    "Draw %(draw)s: case %(case)s came as number %(order)s of its part, after number %(before)s.",
    "Dragningen %(draw)s: ärendet %(case)s kom som nummer %(order)s i sin del, efter nummer %(before)s.",
)
ANOTHER_VALUE: Final = Sentence(
    "Draw %(draw)s: case %(case)s has %(field)s %(found)s, computed again %(expected)s.",
    "Dragningen %(draw)s: ärendet %(case)s har %(field)s %(found)s, omräknat %(expected)s.",
)
ORDER: Final = Sentence("order", "ordningsnummer")
CHANCE: Final = Sentence("inclusion probability", "inklusionssannolikhet")
MONTH_FIELD: Final = Sentence("month", "månad")
STRATUM_FIELD: Final = Sentence("stratum", "stratum")
UNIT_FIELD: Final = Sentence("unit", "enhet")
HANDLER_FIELD: Final = Sentence("handler", "handläggare")
SUBUNITS_FIELD: Final = Sentence("subunits", "underenheter")
DESIGNS: Final[Mapping[str, Sentence]] = {
    "simple": Sentence("simple random sample", "obundet slumpmässigt urval"),
    "stratified": Sentence("stratified sample", "stratifierat urval"),
    "census": Sentence("census", "totalundersökning"),
    "per_group": Sentence("sample of each handler's cases", "urval av varje handläggares ärenden"),
    "systematic": Sentence("systematic sample", "systematiskt urval"),
    "cluster": Sentence("cluster sample", "klusterurval"),
    "pps": Sentence("sample by size", "urval efter storlek"),
}
DRAW_HOLDS: Final = Sentence(
    "Draw %(draw)s (%(design)s, N = %(size)s): the same %(drawn)s cases are selected again from seed and "
    "listing, in the "
    "same order, with the same chances.",
    "Dragningen %(draw)s (%(design)s, N = %(size)s): samma %(drawn)s ärenden ges på nytt av frö och förteckning, "
    "i samma "
    "ordning och med samma sannolikheter.",
)
DRAW_PENDING: Final = Sentence(
    "Draw %(draw)s (%(design)s, N = %(size)s) cannot be repeated yet: its seed is committed and still secret. "
    "Its story in "
    "the log and its allocation hold.",
    "Dragningen %(draw)s (%(design)s, N = %(size)s) kan inte upprepas ännu: fröet är utfäst men fortfarande "
    "hemligt. Dess "
    "händelser i loggen och dess fördelning stämmer.",
)


def check_draw(facts: DrawFacts, listing: Listing, report: Report) -> None:
    """Check a draw.

    Raises:
        Different: the first thing that is wrong.
    """
    sample = facts.sample
    check_story(facts)
    _check_columns(facts, listing)
    _check_cells(facts, listing)
    _check_rule(facts, listing)
    values = {"draw": facts.log.draw, "design": DESIGNS.get(sample["design"], sample["design"]), "size": sample["size"]}
    if facts.seed is None:
        report.pending += 1
        report.note(DRAW_PENDING, **values)
        return
    wanted = wanted_at(facts.log, sample, len(facts.log.steps))
    _check_cases(facts, select(listing, sample, wanted, facts.seed), listing.column("subunit_ids"))
    report.holds(DRAW_HOLDS, drawn=len(facts.log.cases), **values)


def _check_columns(facts: DrawFacts, listing: Listing) -> None:
    sample = facts.sample
    for column in (*sample["stratified_by"], sample.get("sort_key"), sample.get("size_column")):
        if column is not None and column not in listing.names:
            raise Different(NO_COLUMN, draw=facts.log.draw, column=column)


def _check_cells(facts: DrawFacts, listing: Listing) -> None:
    stratum = stratum_in(listing, facts.sample["stratified_by"])
    found: dict[tuple[str, str], int] = {}
    for unit in listing.units():
        cell = unit.month, stratum(unit)
        found[cell] = found.get(cell, 0) + 1
    said = allocated(facts.sample["allocation"], "size")
    for month, name in sorted(found.keys() | said.keys()):
        here, there = found.get((month, name), 0), said.get((month, name), 0)
        if here != there:
            raise Different(OTHER_UNITS, draw=facts.log.draw, month=month, stratum=name, found=here, said=there)


def _check_rule(facts: DrawFacts, listing: Listing) -> None:
    sample, draw = facts.sample, facts.log.draw
    if sample["design"] == "systematic" and facts.seed is not None:
        start = start_of(facts.seed, sample["interval"])
        if sample["start"] != start:
            raise Different(ANOTHER_START, draw=draw, said=sample["start"], found=start)
    rule = sample.get("allocation_rule")
    handlers = handlers_in(listing, sample["stratified_by"]) if rule == "per_reviewer" else {}
    now = wanted_at(facts.log, sample, 0)
    wanted = wanted_by_rule(sample, now.sizes, handlers)
    if wanted is None and rule == "each":
        most = max(now.wanted.values(), default=0)
        if not every_part_alike(now.wanted, now.sizes, all_of_fewer=sample["design"] == "per_group"):
            wanted = dict.fromkeys(now.sizes, most)
    for part in sorted(wanted or ()):
        said, right = now.wanted.get(part, 0), (wanted or {})[part]
        if said != right:
            raise Different(ANOTHER_N, draw=draw, said=said, part=part, found=right)
    told = sample.get("handlers") or {}
    if dict(told) != {part: handlers.get(part, 0) for part in now.sizes if rule == "per_reviewer"}:
        raise Different(OTHER_HANDLERS, draw=draw)


def _check_cases(facts: DrawFacts, selected: Sequence[Selected], ids: int | None) -> None:
    draw = facts.log.draw
    drawn = {case.case for case in facts.log.cases}
    right = {one.unit.case: one for one in selected}
    for one in selected:
        if one.unit.case not in drawn:
            raise Different(LEFT_OUT, draw=draw, case=one.unit.case, order=one.order, part=one.part)
    for case in facts.log.cases:
        if case.case not in right:
            raise Different(NOT_SELECTED, draw=draw, case=case.case)
    _check_turns(facts)
    steps, starts = 0, [step.before for step in facts.log.steps]
    wanted = wanted_at(facts.log, facts.sample, 0)
    for place, case in enumerate(facts.log.cases):
        while steps < len(starts) and starts[steps] <= place:
            steps += 1
            wanted = wanted_at(facts.log, facts.sample, steps)
        one = right[case.case]
        _check_case(draw, case, one, _subunits_of(one, ids))
        chance = _chance(facts.sample, wanted, one)
        if not isclose(case.chance, chance, rel_tol=_NEAR):
            raise Different(ANOTHER_VALUE, draw=draw, case=case.case, field=CHANCE, found=case.chance, expected=chance)


def _check_turns(facts: DrawFacts) -> None:
    newest: dict[str, int] = {}
    for case in facts.log.cases:
        part = part_of(facts.sample["stratified_by"], case.month, case.stratum)
        before = newest.get(part, 0)
        if case.order != before + 1:
            raise Different(OUT_OF_TURN, draw=facts.log.draw, case=case.case, order=case.order, before=before)
        newest[part] = case.order


def _chance(sample: Fields, wanted: Wanted, one: Selected) -> float:
    if sample["design"] == "systematic":
        return float(1 / sample["interval"])
    if one.chance is not None:
        return one.chance
    return min(1.0, wanted.wanted[one.part] / wanted.sizes[one.part])


def _check_case(draw: str, case: DrawnCase, one: Selected, subunits: tuple[str, ...]) -> None:
    unit = one.unit
    told: tuple[tuple[Sentence, object, object], ...] = (
        (ORDER, case.order, one.order),
        (MONTH_FIELD, case.month, unit.month),
        (STRATUM_FIELD, case.stratum, one.stratum),
        (UNIT_FIELD, case.unit, unit.unit),
        (HANDLER_FIELD, case.handler, unit.handler),
        (SUBUNITS_FIELD, ", ".join(case.subunits), ", ".join(subunits)),
    )
    for field, found, expected in told:
        if found != expected:
            raise Different(ANOTHER_VALUE, draw=draw, case=case.case, field=field, found=found, expected=expected)


def _subunits_of(one: Selected, place: int | None) -> tuple[str, ...]:
    listed = None if place is None else one.unit.cells[place]
    if listed is None:
        return tuple(str(number) for number in range(1, (one.unit.subunits or 0) + 1))
    return tuple(listed.split(",")) if listed else ()
