"""What lets others check a service's own log: checkpoints, proofs, leaves, and its reading of its own tables."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg

from stickprov_contracts.http.checkpoints import ConsistencyProof, InclusionProof, LogVerification
from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.topics import Source
from stickprov_kernel.assembly import Foundation, OwnLog
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.log.checkpoint_relay import CheckpointRelay
from stickprov_kernel.log.checkpointing import Checkpointing, CheckpointMetrics, Signing
from stickprov_kernel.log.checkpoints import SQL, Checkpoints
from stickprov_kernel.log.nodes import TreeNodes
from stickprov_kernel.log.proofs import consistency_parts, inclusion_parts
from stickprov_kernel.log.self_verification import SelfVerification, VerificationMetrics
from stickprov_kernel.log.settings import LogSettings
from stickprov_kernel.log.store import LogReader
from stickprov_kernel.log.verifying import TableVerification


class Proofs:
    """Proofs over the tree of one log, computed from its ledger."""

    def __init__(self, pool: asyncpg.Pool, source: Source, reader: LogReader) -> None:
        self._pool = pool
        self._source = source
        self._reader = reader
        self._nodes = TreeNodes(self.leaves)

    async def leaves(self, after: int, until: int) -> bytes:
        """Return the leaf hashes behind a position up to another, one after another; fewer where the log ends."""
        packed: bytes = await self._pool.fetchval(SQL["leaves"], after, until)
        return packed

    async def inclusion(self, position: int, size: int | None) -> InclusionProof:
        """Prove that an event is in the tree of a size, or of all events.

        Raises:
            BadInputError: the log has no such size, or no such position within it.
        """
        size = await self._size(size, "size")
        if position > size:
            raise _beyond("position", f"A log of {size} events has no position {position}.")
        *hashes, leaf, root = await self._nodes.roots(
            [*inclusion_parts(position - 1, size), (position - 1, position), (0, size)]
        )
        return InclusionProof(
            source=self._source,
            position=position,
            size=size,
            leaf=leaf.hex(),
            root=root.hex(),
            hashes=[one.hex() for one in hashes],
        )

    async def consistency(self, first: int, second: int | None) -> ConsistencyProof:
        """Prove that the tree of a size, or of all events, begins with the leaves of a smaller one.

        Raises:
            BadInputError: the log has no such sizes, or the second is the smaller.
        """
        second = await self._size(second, "second")
        if first > second:
            raise _beyond("first", f"{first} events are not the beginning of {second}. Give the smaller size first.")
        *hashes, first_root, second_root = await self._nodes.roots(
            [*consistency_parts(first, second), (0, first), (0, second)]
        )
        return ConsistencyProof(
            source=self._source,
            first=first,
            second=second,
            first_root=first_root.hex(),
            second_root=second_root.hex(),
            hashes=[one.hex() for one in hashes],
        )

    async def _size(self, wanted: int | None, field: str) -> int:
        have = (await self._reader.head()).position
        if (wanted or 1) > have:
            raise _beyond(field, f"The log has {have} events. Give a size that it has had.")
        return wanted or have


@dataclass(frozen=True, slots=True)
class LogAudit:
    """The parts of a service that its audit routes work with.

    Attributes:
        reading: held by whoever reads the tables again: each takes a connection and a processor, so they take turns.
    """

    pool: asyncpg.Pool
    checkpoints: Checkpoints
    checkpointing: Checkpointing
    proofs: Proofs
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


async def open_audit(foundation: Foundation[LogSettings], pool: asyncpg.Pool, log: OwnLog, source: Source) -> LogAudit:
    """Make and publish checkpoints for as long as the service runs, and prepare what its routes need."""
    settings = foundation.settings
    signing = Signing(settings.signing_key, settings.former_signing_key, timedelta(minutes=settings.checkpoint_minutes))
    checkpoints = Checkpoints(pool)
    metrics = CheckpointMetrics(source, foundation.registry)
    checkpointing = Checkpointing(checkpoints, log.reader, log.signal, signing, metrics)
    relay = CheckpointRelay(settings.database_url, settings.checkpoint_origin, settings.kafka, checkpointing.made)
    await foundation.keep_running(checkpointing.run(), "checkpoints")
    await foundation.keep_running(relay.run(), "checkpoint-relay")
    audit = LogAudit(pool, checkpoints, checkpointing, Proofs(pool, source, log.reader))
    metrics_of_reading = VerificationMetrics(source, foundation.registry)
    if settings.verification_hours:

        async def verify() -> LogVerification:
            async with audit.reading:
                return await TableVerification(pool, source).run(lambda _stage: None)

        reading = SelfVerification(verify, metrics_of_reading, settings.verification_hours)
        await foundation.keep_running(reading.run(), "self-verification")
    return audit


def _beyond(field: str, message: str) -> BadInputError:
    return BadInputError(message, errors=[FieldProblem(field=field, code="beyond-the-log", message=message)])
