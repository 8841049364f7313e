"""From what one of each thing costs to how far a machine goes: the capacity page's arithmetic and assumptions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Found = Mapping[str, Mapping[str, float]]

CORES: Final = 2
BUSY: Final = 0.5
"""How much of the cores may be used on average, so that nobody waits when several come at once."""
MINUTES_A_CASE: Final = 10
"""What a reviewer needs for a case; an assumption."""
HOURS_A_DAY: Final = 6
DAYS_A_YEAR: Final = 220
PEAK: Final = 4
"""How many times more is done in a busy hour than in the mean one; an assumption."""
YEARS: Final = 10

CASES_OF_THE_CONTROL: Final = 1_945
"""Cases of the board's own control of 2021 in its three reports: 509, 792 and 644."""
ROWS_A_MONTH: Final = 2_650
"""Households in that control's frames, about."""
CONTROLS: Final = 10
"""Controls like that one in an organisation; an assumption."""
ORGANISATIONS: Final = 290
CONNECTIONS_A_SET: Final = 52
"""To PostgreSQL at most: 25 of findings, 16 of the sampler, 11 of reporting (docs/how-to/kubernetes.md)."""
_MACHINE_GIGABYTES: Final = 64 * 0.75
"""Of a machine of 64 GB, without what its own system needs."""

_MEGABYTE: Final = 1e6
_GIGABYTE: Final = 1e9


@dataclass(frozen=True)
class Reckoned:
    """What follows from the measured unit costs.

    Attributes:
        row_ms, submit_ms, page_ms: processor time of a frame row, of a submit by API, and of a case on its pages.
        row_bytes, case_bytes: what stays on disk of a frame row, and of a case drawn, reviewed and told of.
        broker_bytes: what a submit leaves on the broker's disk.
        idle_ms: processor time a second of everything while nobody asks for anything.
        services_mb: memory of the three services and the pages' server after the load.
        replay: events a second that a replay reads, verifies and folds.
    """

    row_ms: float
    submit_ms: float
    page_ms: float
    row_bytes: float
    case_bytes: float
    broker_bytes: float
    idle_ms: float
    services_mb: float
    replay: float

    @property
    def cases_a_second(self) -> float:
        """Cases on pages that one machine takes for hours."""
        return 1000 * CORES * BUSY / self.page_ms

    @property
    def reviewers(self) -> float:
        """Reviewers at once."""
        return self.cases_a_second * 60 * MINUTES_A_CASE

    @property
    def cases_a_year(self) -> float:
        """Cases in a year of working hours."""
        return self.cases_a_second * 3600 * HOURS_A_DAY * DAYS_A_YEAR

    @property
    def cases_of_one(self) -> int:
        """Cases a year of one organisation."""
        return CONTROLS * CASES_OF_THE_CONTROL

    @property
    def rows_of_one(self) -> int:
        """Frame rows a year of one organisation."""
        return CONTROLS * 12 * ROWS_A_MONTH

    @property
    def disk_of_one(self) -> float:
        """Megabytes a year of one organisation: databases, frames and vault, broker."""
        kept = self.cases_of_one * (self.case_bytes + self.broker_bytes) + self.rows_of_one * self.row_bytes
        return kept / _MEGABYTE

    @property
    def cores_of_one(self) -> float:
        """Cores that one organisation keeps busy in a busy hour."""
        seconds = HOURS_A_DAY * DAYS_A_YEAR * 3600
        work = self.cases_of_one * self.page_ms + self.rows_of_one * self.row_ms
        return PEAK * work / 1000 / seconds

    @property
    def disk_of_all(self) -> float:
        """Gigabytes of every organisation after all years, one copy."""
        return ORGANISATIONS * YEARS * self.disk_of_one * _MEGABYTE / _GIGABYTE

    @property
    def memory_of_all(self) -> float:
        """Gigabytes of every organisation's set of services, one replica of each."""
        return ORGANISATIONS * self.services_mb / 1000

    @property
    def machines(self) -> int:
        """Machines of 64 GB that hold two replicas of everything, also while one of them is away."""
        return math.ceil(2 * self.memory_of_all / _MACHINE_GIGABYTES) + 1

    @property
    def events_of_one(self) -> int:
        """Events of one organisation after all years: drawn, shown and found for each case."""
        return 3 * self.cases_of_one * YEARS

    @property
    def replay_minutes(self) -> float:
        """Minutes to replay and verify all of them."""
        return self.events_of_one / self.replay / 60


def reckoned(found: Found, replay: float) -> Reckoned:
    """Return what follows from what was measured."""
    case_bytes = sum(found["case drawn, bytes"].values()) + sum(found["submit, bytes"].values())
    memory = found["memory after the load, MB"]
    return Reckoned(
        row_ms=sum(found["frame row and its share of a draw, CPU ms"].values()),
        submit_ms=sum(found["submit, CPU ms"].values()),
        page_ms=sum(found["case reviewed on pages, CPU ms"].values()),
        row_bytes=sum(found["frame row, bytes"].values()),
        case_bytes=case_bytes,
        broker_bytes=found["submit, others"]["bytes on the broker's disk"],
        idle_ms=sum(found["idle, CPU ms a second"].values()),
        services_mb=sum(memory[name] for name in ("sampler", "findings", "reporting", "web")),
        replay=replay,
    )
