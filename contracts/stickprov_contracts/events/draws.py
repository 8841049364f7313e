"""Facts of the sampler about draws that go on: seeds that stay secret for a while, extensions, replacements."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from stickprov_contracts.events.base import Event, NoteReference
from stickprov_contracts.events.sampler import Allocation, Hex256, Month, Seed
from stickprov_contracts.topics import Source

ReplacementReason = Literal[
    "closed", "moved", "duplicate", "not-in-population", "file-missing", "conflict-of-interest", "protected", "other"
]
"""Why a drawn case gave way to a spare."""


class _DrawEvent(Event):
    source: ClassVar[Source] = "sampler"


class SeedCommitted(_DrawEvent):
    """A series' seed was made and is secret; its hash binds us to it.

    Attributes:
        series: whose draws it serves.
        seed_hash: hex SHA-256 of the seed's text.
        origin: ``system`` (a cryptographic generator) or ``ceremony`` (typed in).
    """

    name: ClassVar[str] = "seed-committed"

    series: UUID
    seed_hash: Hex256
    origin: Literal["system", "ceremony"]


class SeedRevealed(_DrawEvent):
    """A committed seed was shown: from now on everybody can repeat the draws it served."""

    name: ClassVar[str] = "seed-revealed"

    series: UUID
    seed_hash: Hex256
    seed: Seed


class SampleExtended(_DrawEvent):
    """A sample was made larger: the next tickets are the next cases. A ``CaseDrawn`` for each added case follows.

    What must be read so: from now on every case of the draw has the chance n_h / N_h of this allocation, also one whose
    earlier ``CaseDrawn`` has the chance that it had then. Whoever weighs cases takes the newest allocation.

    Attributes:
        added: how many cases. drawn: n from now on, spares not counted.
        allocation: N_h and n_h of each stratum and month from now on.
    """

    name: ClassVar[str] = "sample-extended"

    draw: UUID
    control_points: list[str]
    added: int = Field(ge=1)
    drawn: int = Field(ge=1)
    allocation: list[Allocation]


class CaseReplaced(_DrawEvent):
    """A drawn case gave way to a spare: the next ticket of its stratum. The spare's ``CaseDrawn`` follows.

    Attributes:
        case: the one that is out. replacement: the spare.
        control_points: those that the case served.
        stratum, month: of the case that is out.
        note: stands in for what was written about the reason, if anything was.
    """

    name: ClassVar[str] = "case-replaced"

    draw: UUID
    case: Hex256
    replacement: Hex256
    control_points: list[str]
    stratum: str
    month: Month
    reason: ReplacementReason
    note: NoteReference | None = None


EVENTS: tuple[type[Event], ...] = (SeedCommitted, SeedRevealed, SampleExtended, CaseReplaced)
