"""What the log says of a draw: its events, and what they tell of how much is drawn from each part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MONTH: Final = "month"
BETWEEN: Final = " · "
"""Between the values of several columns in a stratum's name."""

Fields = Mapping[str, Any]


class DrawnCase(NamedTuple):
    """A ``CaseDrawn``; ``origin`` is what else of it every case of the draw shares."""

    case: str
    month: str
    stratum: str
    unit: str
    handler: str | None
    order: int
    chance: float
    subunits: tuple[str, ...]
    origin: tuple[Any, ...]


class Step(NamedTuple):
    """A replacement or an extension, and how many cases there were before it."""

    kind: str
    data: Fields
    before: int


@dataclass
class DrawLog:
    """A draw.

    Attributes:
        seed: its ``SeedDrawn``, if it has a seed of its own. sample: its ``SampleDrawn``.
        seed_position, sample_position: where they stand.
    """

    draw: str
    seed: Fields | None = None
    seed_position: int = 0
    sample: Fields | None = None
    sample_position: int = 0
    cases: list[DrawnCase] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def first_cases(self) -> Sequence[DrawnCase]:
        """The cases that came with the sample."""
        return self.cases[: self.steps[0].before] if self.steps else self.cases

    def spans(self) -> list[tuple[Step, Sequence[DrawnCase]]]:
        """Return each step with the cases that came with it."""
        ends = [*(step.before for step in self.steps[1:]), len(self.cases)]
        return [(step, self.cases[step.before : end]) for step, end in zip(self.steps, ends, strict=False)]


@dataclass
class SeedPair:
    """A seed that was committed for a series, and shown later or not yet."""

    committed: Fields
    committed_position: int
    revealed: Fields | None = None


class Wanted(NamedTuple):
    """How much is drawn from where, at some step.

    Attributes:
        sizes: N_h of each part. wanted: n_h. further: spares that were taken, by part.
    """

    sizes: Mapping[str, int]
    wanted: Mapping[str, int]
    further: Mapping[str, int]

    def taken(self, part: str) -> int:
        """Return how many cases of a part there are, spares included."""
        return self.wanted.get(part, 0) + self.further.get(part, 0)


def part_of(by: Sequence[str], month: str, stratum: str) -> str:
    """Return the name of the part of a frame that a unit belongs to."""
    names = [month] if MONTH in by else []
    if any(column != MONTH for column in by):
        names.append(stratum)
    return BETWEEN.join(names)


def wanted_at(log: DrawLog, sample: Fields, steps: int) -> Wanted:
    """Return what the draw's events want after so many of its steps."""
    by, done = sample["stratified_by"], log.steps[:steps]
    extensions = [step.data for step in done if step.kind == "sample-extended"]
    sizes: dict[str, int] = {}
    wanted: dict[str, int] = {}
    for cell in (extensions[-1] if extensions else sample)["allocation"]:
        part = part_of(by, cell["month"], cell["stratum"])
        sizes[part] = sizes.get(part, 0) + cell["size"]
        wanted[part] = wanted.get(part, 0) + cell["drawn"]
    further: dict[str, int] = {}
    for step in done:
        if step.kind == "case-replaced":
            part = part_of(by, step.data["month"], step.data["stratum"])
            further[part] = further.get(part, 0) + 1
    return Wanted(sizes, wanted, further)


def cells_of(cases: Iterable[DrawnCase]) -> dict[tuple[str, str], int]:
    """Return how many cases there are by month and stratum."""
    cells: dict[tuple[str, str], int] = {}
    for case in cases:
        cells[case.month, case.stratum] = cells.get((case.month, case.stratum), 0) + 1
    return cells


def allocated(cells: Iterable[Fields], what: str) -> dict[tuple[str, str], int]:
    """Return an allocation's sizes or numbers by month and stratum."""
    found: dict[tuple[str, str], int] = {}
    for cell in cells:
        key = cell["month"], cell["stratum"]
        found[key] = found.get(key, 0) + cell[what]
    return found
