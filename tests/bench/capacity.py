"""What one of each thing costs on a whole stack: processor time, disk and memory per frame row, case, submit and event.

``python -m bench capacity`` measures and prints; ``--page`` writes docs/explanation/capacity.md and its figures too.
Processor time hardly depends on what else the machine does, so this may be run beside other work. The client that
submits is this process, and is not counted.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import psutil

from bench import machine, results
from bench.capacity_page import FIGURES, PAGE, page
from bench.capacity_reckoning import reckoned
from bench.pages import QUESTIONS, review_all
from stickprov_client.api import Services
from stickprov_contracts.http.findings import QueueItem
from stickprov_local.postgres import Postgres
from support.control import prepare, queue_of, review
from support.review_cases import CaseMaker
from support.stack import LocalStack

PARTS: Final = ("sampler", "findings", "reporting", "web", "postgres", "broker")
FRAME_ROWS: Final = 20_000
DRAWN: Final = 1_000
MONTHS: Final = 2
AT_ONCE: Final = 12
PAGE_CASES: Final = 10
PAGE_REVIEWERS: Final = 5

_SIZES: Final = """
SELECT n.nspname || '.' || c.relname AS name, pg_total_relation_size(c.oid) AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
_WRITTEN: Final = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"

Found = dict[str, float]


class Scales:
    """Weighs a running stack: processor seconds of each part, bytes of each table and folder."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._server = Postgres(stack.data / "postgres", stack.data.parent / "postgres.log")

    def seconds(self) -> Found:
        """Return the processor time that each part has used so far."""
        return {name: sum(_seconds_of(process) for process in self._family(name)) for name in PARTS}

    def memory(self) -> Found:
        """Return each part's resident megabytes; PostgreSQL's shared memory counts once."""
        found = {}
        for name in PARTS:
            infos = [process.memory_info() for process in self._family(name)]
            shared = max(info.shared for info in infos)
            found[name] = (sum(info.rss - info.shared for info in infos) + shared) / 1e6
        return found

    async def tables(self) -> Found:
        """Return the bytes of each table with its indexes, by database and name."""
        found = {}
        for service in ("sampler", "findings", "reporting"):
            connection = await self._connection(f"stickprov_{service}")
            rows = await connection.fetch(_SIZES)
            found |= {f"{service}: {row['name'].removeprefix('public.')}": float(row["bytes"]) for row in rows}
            await connection.close()
        return found

    async def written(self) -> float:
        """Return how many bytes PostgreSQL has logged before it acknowledged (WAL)."""
        connection = await self._connection("postgres")
        bytes_written = float(await connection.fetchval(_WRITTEN))
        await connection.close()
        return bytes_written

    async def events(self) -> int:
        """Return how many events reporting has applied."""
        connection = await self._connection("stickprov_reporting")
        applied = int(await connection.fetchval("SELECT coalesce(sum(position), 0) FROM inbox"))
        await connection.close()
        return applied

    def folder(self, name: str) -> float:
        """Return the bytes in one of the stack's folders."""
        return float(sum(path.stat().st_size for path in (self._stack.data / name).rglob("*") if path.is_file()))

    async def _connection(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(self._server.url(database=database))

    def _family(self, name: str) -> list[psutil.Process]:
        parent = psutil.Process(self._stack.pid(name))
        return [parent, *parent.children(recursive=True)]


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write the page if asked to."""
    if set(arguments) - {"--page"}:
        raise SystemExit("python -m bench capacity takes --page and nothing else")
    found = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine.described(), "found": measured()}
    text = results.rounded_json(found)
    print(text)
    if arguments:
        FIGURES.write_text(text, encoding="utf-8")
        PAGE.write_text(written(), encoding="utf-8")
    return 0


def written() -> str:
    """Return the page that the figures which are kept amount to."""
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    (replay,) = (row for row in results.read().rows() if row.promise == "replay")
    return page(kept["found"], reckoned(kept["found"], replay.our_median), kept["date"])


def measured() -> dict[str, Found]:
    """Measure everything; return figures by what they are of."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stack = LocalStack(folder)
        stack.start()
        try:
            found = asyncio.run(_measured(stack, folder))
            # Makes its cases by calls that do not wait for each other's event loop.
            return found | {"case reviewed on pages, CPU ms": _pages(stack)}
        finally:
            stack.close()


def _pages(stack: LocalStack) -> Found:
    """Return what each part spends on one case that somebody reviews on its page: shown, answered, sent, the next."""
    maker = CaseMaker(stack.url, stack.token)
    given = [
        maker.make(QUESTIONS, count=PAGE_CASES + 1, reviewer=f"reviewer-{number + 1:02}")
        for number in range(PAGE_REVIEWERS)
    ]
    scales = Scales(stack)
    before = scales.seconds()
    asyncio.run(review_all(stack.url, given, cases=PAGE_CASES, thinking=(0.1, 0.3)))
    return _each(before, scales.seconds(), PAGE_REVIEWERS * PAGE_CASES / 1000)


async def _measured(stack: LocalStack, folder: Path) -> dict[str, Found]:
    scales = Scales(stack)
    await asyncio.sleep(5)
    found = {"idle memory, MB": scales.memory(), "idle, CPU ms a second": await _while_idle(scales)}
    async with stack.services() as services:
        found |= await _frame_and_draw(scales, services, folder)
        found |= await _submits(scales, stack, services)
    found["memory after the load, MB"] = scales.memory()
    return found


async def _while_idle(scales: Scales, seconds: float = 10.0) -> Found:
    before = scales.seconds()
    await asyncio.sleep(seconds)
    return _each(before, scales.seconds(), seconds / 1000)


async def _frame_and_draw(scales: Scales, services: Services, folder: Path) -> dict[str, Found]:
    """Freeze two frames and draw from both; whatever is per row and per case is told by its own part."""
    seconds, tables, files = scales.seconds(), await scales.tables(), _files(scales)
    await prepare(services, folder, size=FRAME_ROWS, drawn=DRAWN)
    await _applied(scales, at_least=MONTHS * DRAWN)
    rows, cases = MONTHS * FRAME_ROWS, MONTHS * DRAWN
    after = _files(scales)
    return {
        "frame row, bytes": _each(files, after, rows),
        "frame row and its share of a draw, CPU ms": _each(seconds, scales.seconds(), rows / 1000),
        "case drawn, bytes": _grown(tables, await scales.tables(), cases),
    }


def _files(scales: Scales) -> Found:
    return {name: scales.folder(name) for name in ("frames", "vault")}


async def _submits(scales: Scales, stack: LocalStack, services: Services) -> dict[str, Found]:
    items = await queue_of(services, MONTHS * DRAWN)
    await asyncio.sleep(2)
    seconds, tables = scales.seconds(), await scales.tables()
    written, broker, applied = await scales.written(), scales.folder("broker"), await scales.events()
    started = time.perf_counter()
    await asyncio.gather(*(_reviewer(stack, services, items[place::AT_ONCE], place) for place in range(AT_ONCE)))
    took = time.perf_counter() - started
    await _applied(scales, at_least=applied + len(items))
    count, busy = len(items), scales.seconds()
    return {
        "submit, CPU ms": _each(seconds, busy, count / 1000),
        "submit, bytes": _grown(tables, await scales.tables(), count),
        "submit, others": {
            "submits a second, this client and all parts on one machine": count / took,
            "bytes logged by PostgreSQL (WAL), all three databases": (await scales.written() - written) / count,
            "bytes on the broker's disk": (scales.folder("broker") - broker) / count,
        },
    }


async def _reviewer(stack: LocalStack, services: Services, items: Sequence[QueueItem], place: int) -> None:
    reviewer = stack.signed_in_as(services, f"reviewer-{place + 1:02}")
    for item in items:
        await review(reviewer, item, uuid4())


async def _applied(scales: Scales, at_least: int) -> None:
    """Return when reporting has applied so many events."""
    while await scales.events() < at_least:  # noqa: ASYNC110 - other processes, asked through their database
        await asyncio.sleep(0.2)


def _each(before: Mapping[str, float], after: Mapping[str, float], count: float) -> Found:
    return {name: (after[name] - before[name]) / count for name in after}


def _grown(before: Mapping[str, float], after: Mapping[str, float], count: float) -> Found:
    """Return the bytes for each of what was added, of every table that grew."""
    grown = {name: (bytes_now - before.get(name, 0)) / count for name, bytes_now in after.items()}
    return {name: size for name, size in sorted(grown.items(), key=lambda pair: -pair[1]) if size > 0}


def _seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
