"""The seeds that a series' draws share: committed by their hash, revealed when nobody can use them any more.

What must not break: a series has at most one seed that is committed and not revealed, so that a draw cannot choose.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import SeedCommitted, SeedRevealed
from stickprov_kernel.errors import ConflictError


class SeedNotSecretError(ConflictError):
    """The draw's seed is no secret: it was never committed, or is revealed already."""

    code: ClassVar[str] = "seed-not-secret"
    title: ClassVar[str] = "The seed is no secret"


class SeedSecretError(ConflictError):
    """What is asked for needs the seed, which is secret."""

    code: ClassVar[str] = "seed-secret"
    title: ClassVar[str] = "The seed is still secret"


@dataclass(frozen=True, slots=True)
class SeriesSeeds:
    """The seeds of a series.

    Attributes:
        open: the one that is committed and secret, if any. revealed: the others, by hash.
    """

    open: SeedCommitted | None
    revealed: dict[str, str]


def hash_of_seed(seed: str) -> str:
    """Return the hex SHA-256 of a seed's text, which is published in its stead."""
    return sha256(seed.encode()).hexdigest()


def seeds_of(events: Iterable[Event]) -> SeriesSeeds:
    """Return the seeds that a series' stream tells of."""
    open_: SeedCommitted | None = None
    revealed: dict[str, str] = {}
    for event in events:
        match event:
            case SeedCommitted():
                open_ = event
            case SeedRevealed():
                revealed[event.seed_hash] = event.seed
                open_ = None
            case _:
                pass
    return SeriesSeeds(open_, revealed)
