"""Reads the trail: which events fit, and what they say.

What must not break: the order is that of time, and within one log that of its positions; a page goes on exactly behind
the one before it; and what an event says is read from the copy of its log, never from the trail.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from stickprov_contracts.http.audit import Trail, TrailEntry
from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.log.envelope import decode, schema_version
from stickprov_reporting.adapters.damage import CopyDamagedError
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.audit.trail import kind_of

MOST_COUNTED: Final = 10_000
_CASE_DIGITS: Final = 64
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailWanted:
    """Which events; None for any. All that is given must hold.

    Attributes:
        case: the first digits of a pseudonym, or all of it.
        since, before: when it happened. period: within which days lies what it is about, the end excluded.
    """

    control_point: str | None = None
    draw: UUID | None = None
    case: str | None = None
    plan: str | None = None
    actor: str | None = None
    types: Sequence[str] = ()
    source: Source | None = None
    since: datetime | None = None
    before: datetime | None = None
    period: tuple[date, date] | None = None


class TrailPlace(NamedTuple):
    """Where a page ends: behind this event."""

    ordered: datetime
    source: Source
    position: int

    def __str__(self) -> str:
        return f"{(self.ordered - _EPOCH) // timedelta(microseconds=1)}.{self.source}.{self.position}"

    @classmethod
    def read(cls, text: str) -> "TrailPlace":
        """Read a place as it was told.

        Raises:
            ValueError: it is none.
        """
        microseconds, source, position = text.split(".")
        found = next((known for known in SOURCES if known == source), None)
        if found is None:
            raise ValueError(source)
        try:
            return cls(_EPOCH + timedelta(microseconds=int(microseconds)), found, int(position))
        except OverflowError as error:
            raise ValueError(text) from error


class Ends(NamedTuple):
    """How far each log is in the trail."""

    sampler: int
    findings: int

    def of(self, source: Source) -> int:
        """Return how far one is."""
        return self.sampler if source == "sampler" else self.findings


async def read_ends(connection: asyncpg.Connection) -> Ends:
    """Return how far the trail reaches."""
    found = {record["source"]: record["position"] for record in await connection.fetch(SQL["followed"])}
    return Ends(found.get("sampler", 0), found.get("findings", 0))


async def read_page(
    connection: asyncpg.Connection,
    wanted: TrailWanted,
    ends: Ends,
    after: TrailPlace | None,
    limit: int,
    *,
    newest: bool,
    counted: bool = True,
) -> Trail:
    """Return a page of the events that fit, up to where the trail reached.

    Raises:
        CopyDamagedError: an event cannot be read.
    """
    # Filters that are not given must not be in the plan.
    await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    filters = (*await _filters(connection, wanted), *ends)
    count = await connection.fetchval(SQL["trail_count"], *filters, MOST_COUNTED + 1) if counted else 0
    statement = SQL["trail_page_newest" if newest else "trail_page"]
    found = await connection.fetch(statement, *filters, *(after or (None, None, None)), limit + 1)
    page = found[:limit]
    following = None
    if len(found) > limit:
        following = str(TrailPlace(page[-1]["ordered"], page[-1]["source"], page[-1]["position"]))
    entries = await _entries(connection, page)
    return Trail(entries=entries, total=min(count, MOST_COUNTED), more=count > MOST_COUNTED, next=following)


async def _filters(connection: asyncpg.Connection, wanted: TrailWanted) -> tuple[object, ...]:
    about = (wanted.control_point, wanted.draw, wanted.plan, *(wanted.period or (None, None)))
    subjects = None
    if any(part is not None for part in about):
        subjects = [record["id"] for record in await connection.fetch(SQL["subjects_about"], *about)]
    first = last = None
    if wanted.case is not None:
        first = bytes.fromhex(wanted.case.ljust(_CASE_DIGITS, "0"))
        last = bytes.fromhex(wanted.case.ljust(_CASE_DIGITS, "f"))
    kinds = list(wanted.types) or None
    return (subjects, first, last, wanted.actor, kinds, wanted.source, wanted.since, wanted.before)


async def _entries(connection: asyncpg.Connection, page: Sequence[asyncpg.Record]) -> list[TrailEntry]:
    if not page:
        return []
    places = [[record["source"] for record in page], [record["position"] for record in page]]
    events = {
        (event["source"], event["position"]): event for event in await connection.fetch(SQL["trail_events"], *places)
    }
    wanted = list({record["subject"] for record in page})
    subjects = {subject["id"]: subject for subject in await connection.fetch(SQL["trail_subjects"], wanted)}
    return [
        _entry(record, events.get((record["source"], record["position"])), subjects.get(record["subject"]))
        for record in page
    ]


def _entry(mark: asyncpg.Record, event: asyncpg.Record | None, subject: asyncpg.Record | None) -> TrailEntry:
    if event is not None and subject is not None:
        with suppress(ValueError):
            return _read(mark, event, subject)
    raise CopyDamagedError(
        f"The event at position {mark['position']} of {mark['source']} cannot be read. "
        "A replay names what is wrong (stickprov audit replay)."
    )


def _read(mark: asyncpg.Record, event: asyncpg.Record, subject: asyncpg.Record) -> TrailEntry:
    """Return an entry.

    Raises:
        ValueError: the event is none.
    """
    envelope = decode(event["envelope"])
    content = from_json(event["data"])
    return TrailEntry(
        source=mark["source"],
        position=mark["position"],
        chain_hash=event["chain_hash"].hex(),
        id=UUID(envelope.id),
        type=kind_of(envelope.type),
        version=schema_version(envelope.type),
        time=datetime.fromisoformat(envelope.time),
        actor=envelope.actor,
        stream=envelope.subject,
        stream_version=int(envelope.streamversion),
        correlation_id=UUID(envelope.correlationid),
        control_points=subject["control_points"],
        draw=subject["draw"],
        case=mark["case_id"].hex() if mark["case_id"] is not None else None,
        plan=subject["plan"],
        period=subject["period"],
        data=content if isinstance(content, dict) else {},
    )
