"""A copy of a log that somebody kept, for recovering the log from it; and one of every event that was ever released."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stickprov_contracts.log import LogEntry, LogHead, LogPage
from stickprov_contracts.topics import Source
from stickprov_kernel.log.envelope import decode, encode
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.log.records import Sequenced
from stickprov_kernel.log.tree import root_of

CORPUS = Path(__file__).parents[2] / "contracts" / "corpus"


@dataclass
class Copy:
    """What somebody kept of a log; ``fails_after`` so many pages."""

    entries: Sequence[Sequenced]
    root: bytes
    source: Source = "findings"
    fails_after: int = 1_000_000
    reads: list[int] = field(default_factory=list)

    async def read(self, after: int, limit: int) -> LogPage:
        if len(self.reads) >= self.fails_after:
            raise FeedUnavailableError("away")
        self.reads.append(after)
        last = self.entries[-1]
        return LogPage(
            head=LogHead(
                source=self.source, position=last.position, chain_hash=last.chain_hash.hex(), root=self.root.hex()
            ),
            entries=[
                LogEntry(
                    position=one.position,
                    chain_hash=one.chain_hash.hex(),
                    envelope=decode(one.envelope),
                    data=one.data.decode(),
                )
                for one in self.entries[after : after + limit]
            ],
        )


def tree_of(entries: Sequence[Sequenced]) -> bytes:
    """Return the root of the tree over some entries."""
    return root_of([leaf_hash(entry.envelope, entry.data) for entry in entries])


def corpus_copy(source: Source) -> Copy:
    """Return a copy of a log with one event of each type and version that the source ever released."""
    chain, entries = GENESIS, []
    versions: Counter[str] = Counter()
    for number, path in enumerate(sorted(CORPUS.glob(f"stickprov.{source}.*.json")), start=1):
        stored = json.loads(path.read_text(encoding="utf-8"))
        told, data = decode(bytes.fromhex(stored["envelope"])), stored["data"].encode()
        # Each was stored as its type needs it; here they are one history.
        versions[told.subject] += 1
        envelope = encode(told.model_copy(update={"streamversion": str(versions[told.subject])}))
        chain = chain_hash(chain, leaf_hash(envelope, data))
        entries.append(Sequenced(number, chain, envelope, data))
    return Copy(entries, tree_of(entries), source)
