"""What was measured, kept as JSON: the machine, and the rows of each bench with when they were measured.

A bench that is run alone takes its own place among those that were measured before it on the same machine.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.bars import PROMISES
from bench.table import Row

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "docs" / "reference" / "bench.json"


@dataclass(frozen=True)
class Measured:
    """One bench as it was run.

    Attributes:
        at: when it was run, to the minute, in UTC.
        seconds: how long it took.
        load: how many processes wanted a core on average in the minute before; cores that are busy with other work make
            every figure worse.
        failure: why it measured nothing; "" when it did.
    """

    at: str
    seconds: float
    load: float
    rows: list[Row]
    failure: str = ""


@dataclass
class Results:
    """Everything that was measured on one machine."""

    machine: Mapping[str, str]
    benches: dict[str, Measured] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """Yield every row: first those that are promised, in the promises' order, then the others."""
        every = [row for measured in self.benches.values() for row in measured.rows]
        yield from sorted((row for row in every if row.promise), key=lambda row: list(PROMISES).index(row.promise))
        yield from (row for row in every if not row.promise)

    def missing(self) -> list[str]:
        """Return the promises that nothing was measured for."""
        found = {row.promise for row in self.rows()}
        return [key for key in PROMISES if key not in found]

    def as_json(self) -> str:
        """Return it as text, with the figures to four significant digits."""
        return rounded_json(asdict(self))


def read(path: Path = RESULTS) -> Results:
    """Return what was written before."""
    document = json.loads(path.read_text(encoding="utf-8"))
    benches = {
        name: Measured(**one | {"rows": [Row(**row) for row in one["rows"]]})
        for name, one in document["benches"].items()
    }
    return Results(document["machine"], benches)


def joined(earlier: Results, later: Results) -> Results:
    """Return the later beside what was measured earlier on the same machine."""
    same = {name: text for name, text in earlier.machine.items() if name != "disk"} == {
        name: text for name, text in later.machine.items() if name != "disk"
    }
    return Results(later.machine, (earlier.benches if same else {}) | later.benches)


def rounded_json(value: Any) -> str:
    """Return it as text, with figures to four significant digits."""
    return json.dumps(_rounded(value), indent=1, ensure_ascii=False) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
