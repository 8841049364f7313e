"""Reviews as they stand, read from the event log in one round trip."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

import asyncpg

from stickprov_contracts.events.findings import FindingCorrected, FindingRecorded, FindingWithdrawn
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.evolve import ReviewEvent, evolve
from stickprov_findings.domain.review.state import DrawnCase, Review
from stickprov_kernel.log.understanding import understand


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a review, with when and by whom (a pseudonym)."""

    version: int
    time: datetime
    actor: str
    event: ReviewEvent


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review with everything a reader may want: where the case stands in its draw, and what happened."""

    month: str
    stratum: str
    review: Review
    history: Sequence[Happened]


class Reviews:
    """Reads reviews from the findings database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def load(self, key: ReviewKey) -> Review:
        """Return the review as it stands; its case is None when none was drawn."""
        record = await self.read(key)
        return record.review if record else Review(case=None)

    async def read(self, key: ReviewKey) -> ReviewRecord | None:
        """Return the review with its history, None when no such case was drawn."""
        rows = await self._pool.fetch(SQL["review"], key.stream)
        if not rows:
            return None
        case = rows[0]
        history = [_happened(row) for row in rows if row["version"] is not None]
        start = Review(DrawnCase(case["handler"], _category_ids(case["categories"]), case["replacement"]), _texts(case))
        review = reduce(evolve, (happened.event for happened in history), start)
        return ReviewRecord(case["month"], case["stratum"], review, history)


def _happened(row: asyncpg.Record) -> Happened:
    event = understand(row["type"], row["data"])
    if not isinstance(event, FindingRecorded | FindingCorrected | FindingWithdrawn):
        raise TypeError(f"{row['type']} has no place in a review's stream")
    return Happened(row["version"], row["time"], row["actor"], event)


def _category_ids(categories: str | None) -> frozenset[str] | None:
    return None if categories is None else frozenset(category["id"] for category in json.loads(categories))


def _texts(row: asyncpg.Record) -> Mapping[UUID, str]:
    return dict(zip(row["notes"] or (), row["texts"] or (), strict=True))
