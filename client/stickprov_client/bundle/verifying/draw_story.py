"""The story of a draw in the log alone: one frame, one seed and one sample, in that order, with sums that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from stickprov_client.bundle.verifying.draw_log import (
    MONTH,
    DrawLog,
    DrawnCase,
    Fields,
    SeedPair,
    Step,
    allocated,
    cells_of,
    part_of,
)
from stickprov_client.bundle.verifying.told import Different, Sentence

ALGORITHM: Final = "ticket-sha256-v1"

NO_SAMPLE: Final = Sentence(
    "Draw %(draw)s has no frame, no seed or no sample in the bundle.",
    "Dragningen %(draw)s saknar urvalsram, frö eller stickprov i paketet.",
)
ANOTHER: Final = Sentence(
    "%(event)s of draw %(draw)s names %(field)s %(found)s, expected %(expected)s.",
    "%(event)s i dragningen %(draw)s anger %(field)s %(found)s, väntat %(expected)s.",
)
ANOTHER_OF_CASE: Final = Sentence(
    "Case %(case)s of draw %(draw)s is told with another draw, control points or period than the sample.",
    "Ärendet %(case)s i dragningen %(draw)s anges med annan dragning, andra kontrollmoment eller annan period än "
    "stickprovet.",
)
OUT_OF_ORDER_DRAW: Final = Sentence(
    "For draw %(draw)s the log has the frame at position %(frame)s, the seed at %(seed)s and the sample at %(sample)s; "
    "that is not their order.",
    "För dragningen %(draw)s har loggen urvalsramen på position %(frame)s, fröet på %(seed)s och stickprovet på "
    "%(sample)s; det är inte rätt ordning.",
)
ANOTHER_SEED: Final = Sentence(
    "The seed shown for draw %(draw)s has hash %(found)s, and %(expected)s was committed.",
    "Fröet som visats för dragningen %(draw)s har kontrollsumman %(found)s, medan %(expected)s utfästes.",
)
DOES_NOT_ADD_UP: Final = Sentence(
    "In draw %(draw)s, month %(month)s, stratum “%(stratum)s”, %(found)s cases are drawn, and the allocation says "
    "%(said)s.",
    "I dragningen %(draw)s, månad %(month)s, stratum ”%(stratum)s”, är %(found)s ärenden dragna, och "
    "fördelningen säger "
    "%(said)s.",
)
MISCOUNTED: Final = Sentence(
    "Draw %(draw)s says %(what)s = %(said)s, and %(found)s are counted.",
    "Dragningen %(draw)s säger %(what)s = %(said)s, och %(found)s räknas.",
)
BAD_REPLACEMENT: Final = Sentence(
    "In draw %(draw)s the replacement of case %(case)s does not fit: the case is not in the draw then, or its spare is "
    "of another part or another case.",
    "I dragningen %(draw)s går ersättningen av ärendet %(case)s inte ihop: ärendet är inte med i dragningen då, "
    "eller så "
    "är reserven från en annan del eller ett annat ärende.",
)
BAD_EXTENSION: Final = Sentence(
    "In draw %(draw)s an extension by %(added)s cases does not add up with the cases that follow it.",
    "I dragningen %(draw)s går en utökning med %(added)s ärenden inte ihop med ärendena som följer.",
)


@dataclass(frozen=True)
class DrawFacts:
    """A draw with what the bundle's events say around it.

    Attributes:
        frame_position: where the frame's event stands. pair: where the seed was committed for its series.
    """

    log: DrawLog
    sample: Fields
    frame: Fields
    frame_position: int
    pair: SeedPair | None

    @property
    def seed(self) -> str | None:
        """The seed; None while it is secret."""
        if self.log.seed is not None:
            return str(self.log.seed["seed"])
        return str(self.pair.revealed["seed"]) if self.pair and self.pair.revealed else None


def check_story(facts: DrawFacts) -> None:
    """Check the events of a draw against each other.

    Raises:
        Different: names the first that does not fit.
    """
    _check_names(facts)
    _check_order(facts)
    _check_sums(facts)
    _check_steps(facts)


def _check_names(facts: DrawFacts) -> None:
    log, sample, frame = facts.log, facts.sample, facts.frame
    told: list[tuple[str, str, Any, Any]] = [
        ("SampleDrawn", field, sample[field], frame[field]) for field in ("frame", "frame_hash", "series", "period")
    ]
    told.append(("SampleDrawn", "algorithm", sample["algorithm"], ALGORITHM))
    if log.seed is not None:
        told += [("SeedDrawn", field, log.seed[field], frame[field]) for field in ("frame", "frame_hash")]
        told.append(("SeedDrawn", "frame_position", log.seed["frame_position"], facts.frame_position))
        told.append(("SampleDrawn", "seed", sample["seed"], log.seed["seed"]))
    else:
        told.append(("SampleDrawn", "seed", sample["seed"], None))
    for event, field, found, expected in told:
        if found != expected:
            raise Different(ANOTHER, event=event, draw=log.draw, field=field, found=found, expected=expected)
    origin = (sample["draw"], tuple(sample["control_points"]), sample["period"]["start"], sample["period"]["end"])
    for case in log.cases:
        if case.origin != origin:
            raise Different(ANOTHER_OF_CASE, case=case.case, draw=log.draw)


def _check_order(facts: DrawFacts) -> None:
    log, pair = facts.log, facts.pair
    seed = log.seed_position if log.seed is not None else pair.committed_position if pair else 0
    frame, sample = facts.frame_position, log.sample_position
    # The frame of a series may be frozen when its seed was committed already.
    right = frame < seed < sample if log.seed is not None else frame < sample and 0 < seed < sample
    if not right:
        raise Different(OUT_OF_ORDER_DRAW, draw=log.draw, frame=frame, seed=seed, sample=sample)
    if log.seed is None and facts.seed is not None:
        found, said = sha256(facts.seed.encode()).hexdigest(), facts.sample["seed_hash"]
        if found != said:
            raise Different(ANOTHER_SEED, draw=log.draw, found=found, expected=said)


def _check_sums(facts: DrawFacts) -> None:
    log, sample = facts.log, facts.sample
    found, said = cells_of(log.first_cases), allocated(sample["allocation"], "drawn")
    for month, stratum in sorted(found.keys() | said.keys()):
        here, there = found.get((month, stratum), 0), said.get((month, stratum), 0)
        if here != there:
            raise Different(DOES_NOT_ADD_UP, draw=log.draw, month=month, stratum=stratum, found=here, said=there)
    for what, told, counted in (
        ("n", sample["drawn"], len(log.first_cases)),
        ("N", sample["size"], facts.frame["size"]),
        ("N", sample["size"], sum(cell["size"] for cell in sample["allocation"])),
    ):
        if told != counted:
            raise Different(MISCOUNTED, draw=log.draw, what=what, said=told, found=counted)


def _check_steps(facts: DrawFacts) -> None:
    log, sample = facts.log, facts.sample
    out: set[str] = set()
    before: Fields = sample
    for step, came in log.spans():
        if step.data["draw"] != log.draw:
            raise Different(ANOTHER, event=step.kind, draw=log.draw, field="draw", found=step.data["draw"], expected="")
        if step.kind == "case-replaced":
            _check_replacement(facts, step, came, out)
            out.add(step.data["case"])
        else:
            _check_extension(log, step.data, before, came)
            before = step.data


def _check_replacement(facts: DrawFacts, step: Step, came: Sequence[DrawnCase], out: set[str]) -> None:
    log, data, by = facts.log, step.data, facts.sample["stratified_by"]
    case = next((one for one in log.cases[: step.before] if one.case == data["case"]), None)
    fits = (
        case is not None
        and case.case not in out
        and (case.month, case.stratum) == (data["month"], data["stratum"])
        and [one.case for one in came] == [data["replacement"]]
        and part_of(by, came[0].month, came[0].stratum) == part_of(by, case.month, case.stratum)
    )
    if not fits:
        raise Different(BAD_REPLACEMENT, draw=log.draw, case=data["case"])


def _check_extension(log: DrawLog, data: Fields, before: Fields, came: Sequence[DrawnCase]) -> None:
    expected = allocated(before["allocation"], "drawn")
    for cell, count in cells_of(came).items():
        expected[cell] = expected.get(cell, 0) + count
    same = expected == allocated(data["allocation"], "drawn")
    sizes: Mapping[tuple[str, str], int] = allocated(before["allocation"], "size")
    same = same and sizes == allocated(data["allocation"], "size")
    if len(came) != data["added"] or data["drawn"] != before["drawn"] + data["added"] or not same:
        raise Different(BAD_EXTENSION, draw=log.draw, added=data["added"])


def own_strata(by: Sequence[str]) -> bool:
    """Tell whether a draw's strata are made of other columns than the frame's stratum."""
    return any(column not in {MONTH, "stratum"} for column in by)
