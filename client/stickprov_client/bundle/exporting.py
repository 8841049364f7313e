"""Making a bundle from the services: the sources' logs, checkpoints and frames, and reporting's statistics.

What must not break: the statistics are asked for before the last checkpoint, so that the bundle's logs hold every event
that they count; nothing is kept in memory that grows with the logs; the bundle lies under its name only when complete.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Literal

from stickprov_client.api import Services
from stickprov_client.api.errors import ClientError
from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.bundle.choosing import Choice, Wanted
from stickprov_client.bundle.explaining import readme
from stickprov_client.bundle.joining import single_file
from stickprov_client.bundle.writing import BundleWriter, Content, new_file
from stickprov_contracts.http.checkpoints import Checkpoint
from stickprov_contracts.log import LogEntry, LogHead
from stickprov_contracts.topics import Source

SOURCES: Final[tuple[Source, ...]] = ("sampler", "findings")

_AT_ONCE: Final = 1000
_CATCHING_UP_SECONDS: Final = 60.0
_STEP_SECONDS: Final = 0.2

StageName = Literal["signing", "counting", "reading", "leaves", "frames", "writing"]


@dataclass(frozen=True)
class Stage:
    """How far an export has come.

    Attributes:
        source: whose log. done, of: events so far and in all; 0 where nothing is counted.
    """

    name: StageName
    source: str | None = None
    done: int = 0
    of: int = 0


@dataclass(frozen=True)
class Made:
    """A bundle that was made.

    Attributes:
        digest: SHA-256 that the file ends with. events: in it, by source. sizes: of the logs.
    """

    file: Path
    digest: str
    period: str
    points: list[str]
    events: dict[str, int]
    sizes: dict[str, int]
    frames: int


class ReportingBehind(ClientError):  # noqa: N818 - says the situation
    """Reporting has not applied what the sources have, so its statistics would be of something else."""


class NothingToBundle(ClientError):  # noqa: N818 - says the situation
    """Nothing was frozen, drawn or measured in the period."""


Told = Callable[[Stage], object]


async def export_bundle(
    services: Services, wanted: Wanted, target: Path, *, force: bool = False, told: Told = lambda _: None
) -> Made:
    """Make a bundle.

    Args:
        services: signed in as an auditor or a coordinator.
        wanted: what it is of.
        target: the file.
        force: whether it may take the place of another file.
        told: is told how far it has come.

    Raises:
        Occupied: there is such a file. ReportingBehind: reporting does not catch up. NothingToBundle: see there.
        ClientError: a service says no, or does not answer.
    """
    with (
        new_file(target, force=force) as file,
        tempfile.TemporaryFile(dir=target.parent) as spool,
        BundleWriter(file, datetime.now(UTC)) as writer,
    ):
        return await _Export(services, wanted, writer, spool, told).make(target)


@dataclass
class _Export:
    services: Services
    wanted: Wanted
    writer: BundleWriter
    spool: IO[bytes]
    told: Told

    async def make(self, target: Path) -> Made:
        self.told(Stage("signing"))
        await self._caught_up({source: await self.services.own_log(source).head() for source in SOURCES})
        self.told(Stage("counting"))
        statistics = await self._statistics()
        signed = {source: await self.services.own_log(source).make_checkpoint() for source in SOURCES}
        choice = Choice(self.wanted)
        logs: dict[str, Any] = {}
        period = {"start": str(self.wanted.start), "end": str(self.wanted.end), "label": self.wanted.label}
        self.writer.add("README.txt", "start here", readme({"period": period}))
        self.writer.add("verify.py", "the verifier", single_file().encode())
        for source in SOURCES:
            logs[source] = await self._log(source, signed[source], choice)
        for frame in choice.frames:
            await self._frame(frame)
        self.writer.add("statistics.json", "statistics of reporting", _json(statistics))
        self.told(Stage("writing"))
        points = sorted(choice.points | {one["control_point"] for one in statistics})
        manifest = {"period": period, "control_points": points, "whole": self.wanted.whole, "logs": logs}
        digest = self.writer.finish(manifest)
        return Made(
            target,
            digest,
            self.wanted.label,
            points,
            {source: one["events"] for source, one in logs.items()},
            {source: one["size"] for source, one in logs.items()},
            len(choice.frames),
        )

    async def _caught_up(self, heads: dict[Source, LogHead]) -> None:
        """Wait until reporting has applied what the sources have."""
        deadline = asyncio.get_running_loop().time() + _CATCHING_UP_SECONDS
        while True:
            logs = {log.source: log for log in await self.services.reporting.logs()}
            behind = [
                source for source, head in heads.items() if source not in logs or logs[source].applied < head.position
            ]
            if not behind:
                return
            if asyncio.get_running_loop().time() > deadline or any(log.state == "halted" for log in logs.values()):
                raise ReportingBehind(
                    f"Reporting has not applied the whole log of {behind[0]}, so there are no statistics of it yet. "
                    "See why with: stickprov doctor"
                )
            await asyncio.sleep(_STEP_SECONDS)

    async def _statistics(self) -> list[dict[str, Any]]:
        reporting = self.services.reporting
        points = self.wanted.points or [one.control_point for one in await reporting.control_points(EVERY_YEAR)]
        found = []
        for point in sorted(set(points)):
            one = await reporting.statistics(point, self.wanted.start, self.wanted.end)
            if one.draws or self.wanted.points:
                found.append(one.model_dump(mode="json"))
        return found

    async def _log(self, source: Source, signed: Checkpoint, choice: Choice) -> dict[str, Any]:
        own, size, chain = self.services.own_log(source), signed.size, bytes(32).hex()
        self.spool.seek(0)
        self.spool.truncate()
        position = 0
        while position < size:
            page = await own.page(position, min(_AT_ONCE, size - position))
            for entry in page.entries:
                self.spool.write(_line(entry))
                if source == "sampler":
                    choice.observe(entry.envelope.type.split(".")[2], json.loads(entry.data))
                position, chain = entry.position, entry.chain_hash
            if not page.entries:
                raise ClientError(f"The log of {source} ends at {position}, and its checkpoint is of {size} events.")
            self.told(Stage("reading", source, position, size))
        if source == "sampler":
            choice.settle()
            if choice.is_empty:
                raise NothingToBundle(
                    f"Nothing was frozen, drawn or measured in {self.wanted.label}. "
                    "Choose another period or control point."
                )
        with self.writer.content(f"logs/{source}/events.jsonl", "events of the period") as content:
            events = await asyncio.to_thread(_write_chosen, self.spool, content, choice)
        await self._leaves(source, size)
        await self._checkpoints(source, signed)
        return {"origin": signed.origin, "size": size, "root": signed.root, "chain_hash": chain, "events": events}

    async def _leaves(self, source: Source, size: int) -> None:
        own, have = self.services.own_log(source), 0
        with self.writer.content(f"logs/{source}/leaves.bin", "leaf hashes of all events", packed=False) as content:
            while have < size:
                leaves = await own.leaves(have, min(65_536, size - have))
                if not leaves:
                    raise ClientError(
                        f"The log of {source} has leaves up to {have}, and a checkpoint of {size} events."
                    )
                content.write(b"".join(leaves))
                have += len(leaves)
                self.told(Stage("leaves", source, have, size))

    async def _checkpoints(self, source: Source, signed: Checkpoint) -> None:
        own, after = self.services.own_log(source), 0
        keys: list[Any] = []
        with self.writer.content(f"logs/{source}/checkpoints.jsonl", "signed checkpoints") as content:
            while True:
                page = await own.checkpoints(after)
                keys = [key.model_dump(mode="json") for key in page.keys]
                for one in page.checkpoints:
                    if one.size <= signed.size:
                        content.write(
                            _json(one.model_dump(mode="json", include={"time", "reason", "note"}), indent=None)
                        )
                if not page.checkpoints or page.checkpoints[-1].size >= signed.size:
                    break
                after = page.checkpoints[-1].size
        self.writer.add(f"logs/{source}/checkpoint.txt", "the checkpoint of the bundle", signed.note.encode())
        self.writer.add(f"logs/{source}/keys.json", "keys that sign", _json(keys))

    async def _frame(self, frame: str) -> None:
        self.told(Stage("frames"))
        with self.writer.content(f"frames/{frame}.tsv", "units of a frame") as content:
            async with self.services.sampler.listing(frame) as response:
                async for chunk in response.aiter_bytes():
                    content.write(chunk)


def _line(entry: LogEntry) -> bytes:
    envelope = entry.envelope.model_dump(exclude_none=True)
    return _json({"position": entry.position, "envelope": envelope, "data": entry.data}, indent=None)


def _write_chosen(spool: IO[bytes], content: Content, choice: Choice) -> int:
    spool.seek(0)
    events = 0
    for line in spool:
        told = json.loads(line)
        if choice.belongs(told["envelope"]["subject"], lambda told=told: dict(json.loads(told["data"]))):  # type: ignore[misc]
            content.write(line)
            events += 1
    return events


def _json(value: object, indent: int | None = 1) -> bytes:
    separators = (",", ":") if indent is None else None
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).encode() + b"\n"
