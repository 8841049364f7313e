"""What must hold when everything stands still again, counted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

import asyncpg

from chaos.copies import Log, read_logs
from chaos.disturbing import Disturbing
from chaos.killing import Kills
from chaos.memory import CONTROL_POINT, OTHER_POINT, Memory
from chaos.points import SERVICES, SOURCES
from chaos.projections import Projections, read_projections
from chaos.signatures import wrong_checkpoints
from chaos.world import World
from support.waiting import eventually

_SETTLED_SECONDS: Final = 180.0
_UNDERSTANDING: Final = {"findings": ("sampler",), "reporting": ("sampler", "findings")}


@dataclass(frozen=True)
class Count:
    """One line of the reckoning; ``holds`` is None where nothing is promised, ``why`` names the first that do not."""

    what: str
    found: str
    holds: bool | None = None
    why: Sequence[str] = ()


async def settled(world: World) -> None:
    """Wait until every event has its place and everybody has applied it, or somebody has halted."""

    async def there() -> bool:
        heads = {}
        for source in SOURCES:
            connection = await asyncpg.connect(world.database_url(source))
            heads[source] = await connection.fetchval("SELECT coalesce(max(position), 0) FROM ledger")
            waiting = await connection.fetchval("SELECT count(*) FROM event") - heads[source]
            published = await connection.fetchval("SELECT position FROM relay WHERE log = $1", source)
            await connection.close()
            if waiting or published != heads[source]:
                return False
        for hearer, sources in _UNDERSTANDING.items():
            connection = await asyncpg.connect(world.database_url(hearer))
            rows = await connection.fetch("SELECT source, position, state FROM inbox")
            await connection.close()
            if any(row["state"] == "halted" for row in rows):
                return True
            if {row["source"]: row["position"] for row in rows} != {source: heads[source] for source in sources}:
                return False
        return True

    for seat in world.seats.values():
        async with asyncio.timeout(_SETTLED_SECONDS):
            await seat.ready.wait()
    await eventually(there, bound=_SETTLED_SECONDS, what="that everybody applies everything")


async def reckon(world: World, memory: Memory, kills: Kills, disturbing: Disturbing) -> list[Count]:
    """Count everything."""
    logs = await read_logs(world, memory.published)
    projections = await read_projections(world)
    counts = [
        *_load(memory, logs),
        *await _acknowledgements(world, memory, logs),
        *_histories(logs),
        *[await _checkpoints(world, log) for log in logs],
        *_projected(memory, projections),
        *_way(world),
        *_recoveries(world),
    ]
    killed = [Count(f"kills of {name}", str(kills.of(name)), kills.of(name) >= kills.wanted) for name in SERVICES]
    disturbed = [Count(name, str(number), number > 0) for name, number in sorted(disturbing.counts.items())]
    gave_up = world.gave_up()
    ended = Count("processes that gave up instead of waiting", str(len(gave_up)), not gave_up, gave_up)
    return [*killed, *disturbed, ended, *counts]


def _load(memory: Memory, logs: Sequence[Log]) -> list[Count]:
    return [
        Count("events", " + ".join(f"{len(log.entries)} {log.source}" for log in logs)),
        Count("commands acknowledged", str(len(memory.acknowledged))),
        Count("of them asked for more than once", str(memory.repeated)),
        Count("refused without a reason", str(len(memory.refused)), not memory.refused, memory.refused),
        Count("periods closed", str(len(memory.closed))),
    ]


async def _acknowledgements(world: World, memory: Memory, logs: Sequence[Log]) -> list[Count]:
    stored = {log.source: await _commands(world, log.source) for log in logs}
    places = {log.source: log.places for log in logs}
    missing = [
        f"{one.service}: command {one.command} {one.stream or ''}"
        for one in memory.acknowledged
        if one.command not in stored[one.service]
        or (one.stream is not None and (one.stream, one.version) not in places[one.service])
    ]
    own = {"sampler": f"control-point/{OTHER_POINT}", "findings": "review/"}
    told = [(one.service, one.stream, one.version) for one in memory.acknowledged if one.stream is not None]
    there = [(source, *place) for source in SOURCES for place in places[source] if place[0].startswith(own[source])]
    twice = sorted({f"{source}: {stream} version {version}" for source, stream, version in set(there) - set(told)})
    return [
        Count("acknowledged and missing", str(len(missing)), not missing, missing),
        Count("events that nobody was told of (counted twice)", str(len(twice)), not twice, twice),
        Count(
            "acknowledged places given to two commands", str(len(told) - len(set(told))), len(told) == len(set(told))
        ),
    ]


async def _commands(world: World, source: str) -> set[object]:
    connection = await asyncpg.connect(world.database_url(source))
    try:
        return {row["id"] for row in await connection.fetch("SELECT id FROM command")}
    finally:
        await connection.close()


def _histories(logs: Sequence[Log]) -> list[Count]:
    forks = [fork for log in logs for fork in log.forks]
    unplaced = sum(log.unplaced for log in logs)
    behind = sum(log.behind for log in logs)
    return [
        Count("forks (chain, copies, topic)", str(len(forks)), not forks, forks),
        Count("events without a position", str(unplaced), unplaced == 0),
        Count("entries that a copy lacks", str(behind), behind == 0),
        Count("different records seen on the topics, all compared", str(sum(log.on_topic for log in logs))),
    ]


async def _checkpoints(world: World, log: Log) -> Count:
    made, wrong = await wrong_checkpoints(world, log)
    return Count(f"checkpoints of {log.source}, all of one history", str(made), not wrong, wrong)


def _projected(memory: Memory, projections: Projections) -> list[Count]:
    one = projections
    expected = memory.expected()
    poison = {
        (hearer, source): memory.poison[source] for hearer, sources in _UNDERSTANDING.items() for source in sources
    }
    same = one.stored == one.replayed
    return [
        Count("quarantined, of as many poison events", str(sum(one.quarantined.values())), one.quarantined == poison),
        Count("logs halted", str(len(one.halted)), not one.halted, one.halted),
        Count("digest of the projection", one.stored[:16]),
        Count("digest of a clean replay", one.replayed[:16], same),
        Count("cells that the SQL recount has otherwise", f"{one.miscounted} of {one.cells}", one.miscounted == 0),
        Count(
            f"drawn, reviewed, remarks of {CONTROL_POINT}, as the harness knows them",
            ", ".join(map(str, one.totals.values())),
            one.totals == expected,
            () if one.totals == expected else [f"expected {expected}"],
        ),
    ]


def _way(world: World) -> list[Count]:
    told = world.witnessed()
    kinds = ("record dropped", "record doubled", "record altered", "batch reordered")
    spoiled = {kind: told.get(kind, 0) for kind in kinds}
    found = told.get("altered found", 0)
    return [
        *(Count(f"{kind} on the way", str(count)) for kind, count in spoiled.items()),
        Count("altered records found", str(found)),
        Count("gaps opened, healed at once", f"{told.get('gap opened', 0)}, {told.get('gap healed', 0)}"),
    ]


def _recoveries(world: World) -> list[Count]:
    counts = []
    for name, seat in world.seats.items():
        times = seat.recoveries
        p50, p95 = (quantiles(times, n=20)[place] for place in (9, 18)) if len(times) > 1 else (0.0, 0.0)
        text = f"{p50:.1f} s, {p95:.1f} s; importing, spared here: {seat.nursery.importing:.1f} s"
        counts.append(Count(f"{name} ready after a kill, p50, p95", text))
    return counts
