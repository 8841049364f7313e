"""Replaying and verifying a million events, against reading and validating the same rows bare, in the same run."""

import asyncio
import hashlib
import time
from collections.abc import Coroutine, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from uuid import uuid4

import asyncpg

from bench.servers import Servers
from bench.table import Row
from stickprov_contracts.events import EVENT_TYPES, Event
from stickprov_contracts.events.findings import FindingRecorded
from stickprov_contracts.events.sampler import CaseDrawn
from stickprov_contracts.log import LogHead, LogPage
from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.garbage import settle
from stickprov_kernel.log.envelope import decode, encode, envelope_of
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, Incoming, PendingEvent
from stickprov_kernel.log.tree import Frontier
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.replay import Replayer
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.reporting import POINT, defined, draw_id, month_period, sample, stream_of

EVENTS = 1_000_000
ROUNDS = 3
PAGE = 500
MONTHS = [f"2021-{number:02}" for number in range(1, 13)]
YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
_COPIED = ["source", "position", "chain_hash", "envelope", "data"]
_ROW = ["generation", "draw", "control_point", "month", "unit", "stratum", "subunits", "probability", "replaced"]
_ROW += ["version", "status", "reason", "remark", "categories", "detail", "second", "file_review", "case_id"]
_CELL = ["generation", "control_point", "draw", "month", "unit", "stratum", "indicator", "value"]
_PLAIN = """SELECT position, envelope, data FROM inbox_event
WHERE source = $1 AND position > $2 ORDER BY position LIMIT $3"""


class Filled:
    """A log copy as it is made: the events with their hashes, folded too."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.position, self.chain, self.tree = 0, GENESIS, Frontier()

    def copied(self, event: Event, envelope: bytes) -> tuple[str, int, bytes, bytes, bytes]:
        data = event.model_dump_json().encode()
        leaf = leaf_hash(envelope, data)
        self.position += 1
        self.chain = chain_hash(self.chain, leaf)
        self.tree.add(leaf)
        return self.source, self.position, self.chain, envelope, data


class Feed:
    """A source that agrees."""

    def __init__(self, filled: Filled) -> None:
        self._filled = filled

    async def head(self) -> LogHead:
        it = self._filled
        return LogHead(source=it.source, position=it.position, chain_hash=it.chain.hex(), root=it.tree.root().hex())

    async def read(self, after: int, limit: int) -> LogPage:
        """Return the last entry, which is all that a replay asks for."""
        assert (after, limit) == (self._filled.position - 1, 1)
        head = await self.head()
        return LogPage.model_construct(head=head, entries=[_LastEntry(head.chain_hash)])


class _LastEntry:
    def __init__(self, chain: str) -> None:
        self.chain_hash = chain


def run() -> list[Row]:
    """Return the row on replaying."""
    with Servers() as servers:
        ours, bare = asyncio.run(_replaying(servers))
    return [Row("replay and verify 1 million events", "bare read and validation", "events/s", ours, bare, "replay")]


async def _replaying(servers: Servers) -> tuple[list[float], list[float]]:
    """Return events a second, ours and bare, of each round."""
    database = await servers.database()
    await migrate(database.owner_url, database.service_role, FOLDERS)
    owner = await asyncpg.connect(database.owner_url)
    logs = await _fill(owner)
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    pool = await open_pool(database.service_url)
    settle()  # as every service does when it starts; the bare loop has it too
    replayer = Replayer(pool, {source: Feed(log) for source, log in logs.items()}, asyncio.Lock())
    ours, bare = list[float](), list[float]()
    for _ in range(ROUNDS):
        bare.append(await _timed(_read_bare(pool)))
        ours.append(await _timed(_replayed(replayer)))
    await pool.close()
    return ours, bare


async def _timed(work: Coroutine[None, None, None]) -> float:
    started = time.perf_counter()
    await work
    return EVENTS / (time.perf_counter() - started)


async def _replayed(replayer: Replayer) -> None:
    found = await replayer.replays([], YEAR, lambda _stage: None)
    assert found.verdict == "verified", found
    assert sum(log.events for log in found.logs) >= EVENTS


async def _read_bare(pool: asyncpg.Pool) -> None:
    """The limit: read every row by its key, and validate its text; nothing is checked, folded or compared."""
    models = {name.encode(): model for name, model in EVENT_TYPES.items()}
    async with pool.acquire() as connection:
        for source in SOURCES:
            after = 0
            while page := await connection.fetch(_PLAIN, source, after, PAGE):
                for _, envelope, data in page:
                    # The type is the last attribute of an envelope.
                    models[envelope[envelope.rindex(b"stickprov.") :]].model_validate_json(data)
                after = page[-1]["position"]


async def _fill(owner: asyncpg.Connection) -> dict[Source, Filled]:
    """Fill both copies, and what is projected of them, as the service would have."""
    logs = {source: Filled(source) for source in SOURCES}
    folded = Folded()
    said = _said()
    while batch := list(islice(said, 20_000)):
        heard: dict[Source, list[tuple[object, ...]]] = {source: [] for source in SOURCES}
        for event, context in batch:
            envelope = encode(envelope_of(event.source, PendingEvent(new_id(), event), context, stream_of(event), 1))
            copied = logs[event.source].copied(event, envelope)
            heard[event.source].append(copied)
            folded.apply([Incoming(copied[1], copied[2], decode(envelope), event)])
        for records in heard.values():
            await owner.copy_records_to_table("inbox_event", records=records, columns=_COPIED)
    for source, log in logs.items():
        statement = "INSERT INTO inbox (source, position, chain_hash) VALUES ($1, $2, $3)"
        await owner.execute(statement, source, log.position, log.chain)
    await _project(owner, folded)
    return logs


def _said() -> Iterator[tuple[Event, CommandContext]]:
    """Yield a control point, a draw for each month, its cases, and a finding for each of them."""
    each = -(-EVENTS // len(MONTHS) // 2)
    for event in [defined(categories=["deposit"])]:
        yield event, _context("c")
    for month in MONTHS:
        yield sample(month, [("", month, each * 20, each)], month_period(month)), _context("c")
        for order in range(each):
            yield _drawn(month, order), _context("c")
    for month in MONTHS:
        for order in range(each):
            remark = order % 5 == 0
            named = ["deposit"] if remark else []
            finding = FindingRecorded(
                draw=draw_id(month), control_point=POINT, case=_case(month, order), remark=remark, categories=named
            )
            yield finding, _context(str(order % 12))


def _drawn(month: str, order: int) -> CaseDrawn:
    return CaseDrawn(
        case=_case(month, order),
        draw=draw_id(month),
        control_points=[POINT],
        period=month_period(month),
        month=month,
        stratum="",
        unit=f"Enhet {order % 4}",
        order=order + 1,
        inclusion_probability=0.05,
    )


def _context(who: str) -> CommandContext:
    actor = "p" + hashlib.sha256(who.encode()).hexdigest()[:24]
    return CommandContext(uuid4(), actor, bytes(32), datetime.now(UTC), uuid4())


def _case(month: str, order: int) -> str:
    return hashlib.sha256(f"{month} {order}".encode()).hexdigest()


async def _project(owner: asyncpg.Connection, folded: Folded) -> None:
    await owner.execute("INSERT INTO generation (number, version, state) VALUES (1, $1, 'active')", PROJECTION)
    for statement, columns in (
        ("write_definitions", rows.definition_columns(folded.definitions)),
        ("write_strata", rows.stratum_columns(folded.strata)),
        ("write_chronicle", rows.entry_columns(folded.chronicle)),
    ):
        await owner.execute(SQL[statement], 1, *columns)
    cells = ((1, *key, value) for key, value in folded.cells.items())
    await owner.copy_records_to_table("cell", records=cells, columns=_CELL)
    kept = (_row(key, row) for key, row in folded.rows.items())
    await owner.copy_records_to_table("case_row", records=kept, columns=_ROW)


def _row(key: RowKey, row: CaseRow) -> tuple[object, ...]:
    (*columns, [case], _) = rows.row_columns({key: row})
    return (1, *(column[0] for column in columns), case)
