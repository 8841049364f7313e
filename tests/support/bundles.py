"""Logs that a test writes and signs itself, bundles of them, and bundles altered with every checksum mended."""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stickprov_client.bundle.joining import single_file
from stickprov_client.bundle.verifying.archive import MANIFEST
from stickprov_client.bundle.writing import BundleWriter
from stickprov_contracts.envelope import Envelope
from stickprov_contracts.events import Event, type_name
from stickprov_contracts.http.statistics import AsOf, Statistics
from stickprov_contracts.topics import Source, source_uri
from stickprov_kernel.log.checkpoint_note import Handover, TreeHead
from stickprov_kernel.log.envelope import encode, time_text
from stickprov_kernel.log.hashing import GENESIS, chain_hashes, leaf_hash
from stickprov_kernel.log.notes import SigningKey, sign
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.tree import root_of
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.reading import facts_in
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from support.reporting import stream_of

START = datetime(2021, 4, 1, 8, tzinfo=UTC)
_IDS = UUID("00000000-0000-4000-8000-000000000000")
QUARTER = {"start": "2021-01-01", "end": "2021-04-01", "label": "2021-Q1"}
SOURCES: tuple[Source, ...] = ("sampler", "findings")


def signing_key(source: str, number: int = 1) -> SigningKey:
    """Return a key that is the same in every run."""
    private = Ed25519PrivateKey.from_private_bytes(sha256(f"{source} {number}".encode()).digest())
    return SigningKey(f"stickprov.test/{source}", private)


@dataclass
class Entry:
    """An event of a log, with the position it gets by its place."""

    envelope: dict[str, str]
    data: str

    @property
    def leaf(self) -> bytes:
        return leaf_hash(encode(Envelope.model_validate(self.envelope)), self.data.encode())

    def change(self, **fields: Any) -> None:
        """Put other values into the event's content."""
        self.data = json.dumps(json.loads(self.data) | fields, ensure_ascii=False)


@dataclass
class LogBook:
    """A log.

    Attributes:
        keys: those that signed it, the last one signs now.
        left_out: positions whose events are not put into a bundle.
        checkpoints: sizes at which it was signed, beside the last.
        late: how many events later, or earlier, a key handed over than it signed last.
    """

    source: Source
    keys: list[SigningKey] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    checkpoints: list[tuple[int, SigningKey]] = field(default_factory=list)
    late: int = 0
    _versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = self.keys or [signing_key(self.source)]

    def add(self, *events: Event, stream: str | None = None, actor: str = "p01") -> None:
        """Append events."""
        for event in events:
            name = stream or (stream_of(event) if stream is None else stream)
            self.add_raw(type_name(event), name, event.model_dump_json(), actor)
            self.events.append(event)

    def add_raw(self, type_: str, stream: str, data: str, actor: str = "p01") -> None:
        """Append an event as text."""
        number = len(self.entries) + 1
        self._versions[stream] = self._versions.get(stream, 0) + 1
        envelope = Envelope(
            id=str(uuid5(_IDS, f"{self.source} {number}")),
            source=source_uri(self.source),
            type=type_,
            subject=stream,
            streamversion=str(self._versions[stream]),
            time=time_text(START + timedelta(seconds=number)),
            actor=actor,
            correlationid=str(uuid5(_IDS, f"correlation {number}")),
        )
        self.entries.append(Entry(envelope.model_dump(exclude_none=True), data))

    def sign_now(self) -> None:
        """Make a checkpoint of the log as it is."""
        self.checkpoints.append((len(self.entries), self.keys[-1]))

    @property
    def size(self) -> int:
        return len(self.entries)

    @property
    def leaves(self) -> list[bytes]:
        return [entry.leaf for entry in self.entries]

    @property
    def origin(self) -> str:
        return self.keys[-1].name

    def note(self, size: int | None = None, key: SigningKey | None = None) -> bytes:
        """Return the signed checkpoint of a size."""
        size = self.size if size is None else size
        return sign(TreeHead(self.origin, size, root_of(self.leaves[:size])).text, [key or self.keys[-1]])

    def handovers(self) -> list[str | None]:
        """Return the note in which each key but the first was named by the one before it."""
        notes: list[str | None] = [None]
        for before, after in zip(self.keys, self.keys[1:], strict=False):
            size = max((size for size, key in self.checkpoints if key is before), default=0) + self.late
            text = Handover(after.name, after.verifier, size, time_text(START)).text
            notes.append(sign(text, [before, after]).decode())
        return notes

    def incoming(self) -> list[Incoming]:
        """Return the events as reporting hears them."""
        return [
            Incoming(position, bytes(32), Envelope.model_validate(entry.envelope), event)
            for position, (entry, event) in enumerate(zip(self.entries, self.events, strict=True), 1)
        ]

    def contents(self) -> dict[str, bytes]:
        """Return what a bundle has of the log."""
        folder, leaves = f"logs/{self.source}", self.leaves
        kept = [
            {"position": position, "envelope": entry.envelope, "data": entry.data}
            for position, entry in enumerate(self.entries, 1)
            if position not in self.left_out
        ]
        notes = [self.note(size, key) for size, key in self.checkpoints] + [self.note()]
        keys = [
            {"verifier_key": key.verifier.text, "adopted": time_text(START), "handover": handover}
            for key, handover in zip(self.keys, self.handovers(), strict=True)
        ]
        return {
            f"{folder}/events.jsonl": lines_of(kept),
            f"{folder}/leaves.bin": b"".join(leaves),
            f"{folder}/checkpoints.jsonl": lines_of({"note": note.decode()} for note in notes),
            f"{folder}/checkpoint.txt": notes[-1],
            f"{folder}/keys.json": json.dumps(keys).encode(),
        }

    def told(self) -> dict[str, Any]:
        """Return what the manifest says of the log."""
        leaves = self.leaves
        chain = chain_hashes(GENESIS, leaves)
        return {
            "origin": self.origin,
            "size": self.size,
            "root": root_of(leaves).hex(),
            "chain_hash": (chain[-1] if chain else GENESIS).hex(),
            "events": self.size - len(self.left_out),
        }


@dataclass
class Books:
    """Both logs, with what else a bundle of them has.

    Attributes:
        listings: by frame. points: whose statistics are in it.
    """

    sampler: LogBook = field(default_factory=lambda: LogBook("sampler"))
    findings: LogBook = field(default_factory=lambda: LogBook("findings"))
    listings: dict[str, bytes] = field(default_factory=dict)
    points: Sequence[str] = ()
    period: Mapping[str, str] = field(default_factory=lambda: QUARTER)
    whole: bool = False

    @property
    def logs(self) -> tuple[LogBook, LogBook]:
        return self.sampler, self.findings

    def statistics(self) -> list[Statistics]:
        """Return what reporting says of these logs; nothing where no point is named."""
        if not self.points:
            return []
        folded = Folded()
        for log in self.logs:
            folded.apply(log.incoming())
        dates = DateRange(*(date.fromisoformat(self.period[name]) for name in ("start", "end")))
        as_of = {log.source: AsOf(position=log.size, chain_hash=log.told()["chain_hash"]) for log in self.logs}
        found = []
        for point in self.points:
            facts = facts_in(folded, point)
            assert facts is not None
            found.append(statistics_of(facts.basis(dates.start, dates.end), dates, as_of))
        return found

    def contents(self) -> dict[str, bytes]:
        """Return every content of the bundle but the manifest."""
        statistics = [one.model_dump(mode="json") for one in self.statistics()]
        return {
            "README.txt": b"read me\n",
            "verify.py": single_file().encode(),
            **self.sampler.contents(),
            **self.findings.contents(),
            **{f"frames/{frame}.tsv": listing for frame, listing in self.listings.items()},
            "statistics.json": json.dumps(statistics, indent=1).encode(),
        }

    def manifest(self) -> dict[str, Any]:
        return {
            "period": dict(self.period),
            "control_points": list(self.points),
            "whole": self.whole,
            "logs": {log.source: log.told() for log in self.logs},
        }

    def write(self, path: Path) -> Path:
        """Write the bundle."""
        return pack(path, self.contents(), self.manifest())


def lines_of(values: Iterable[object]) -> bytes:
    """Return values as lines of JSON."""
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


def pack(path: Path, contents: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Path:
    """Write a bundle of these contents; every checksum in it is right."""
    with path.open("w+b") as file:
        writer = BundleWriter(file, START)
        for name, content in contents.items():
            writer.add(name, "", content)
        writer.finish(manifest)
    return path


def mended(source: Path, target: Path, change: Callable[[dict[str, bytes], dict[str, Any]], object]) -> Path:
    """Copy a bundle with something changed in its contents or its manifest, and mend every checksum."""
    with zipfile.ZipFile(source) as archive:
        contents = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
        manifest = json.loads(archive.read(MANIFEST))
    change(contents, manifest)
    told = {name: value for name, value in manifest.items() if name not in {"entries", "format", "made"}}
    return pack(target, contents, told)


def of_lines(content: bytes) -> list[Any]:
    """Return what lines of JSON say."""
    return [json.loads(line) for line in content.splitlines()]
