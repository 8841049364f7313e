"""Says which records of a topic were not what the source had published, and in which field.

What must not break: nothing that is told here was applied; a line names fields and positions and never a value.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg
import structlog

from stickprov_contracts.envelope import HASHED_ATTRIBUTES
from stickprov_contracts.topics import Source
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.messaging.cloudevents import CHAIN_HASH, HEADER_OF, POSITION
from stickprov_kernel.messaging.delivery import Delivery, from_copy

SQL = load_queries(__package__, "damage.sql")

_LOOKED_BACK: Final = 5_000
"""How far behind the newest entry a record is looked for that claims another entry's position."""

_log = structlog.get_logger(__name__)


class DamageReport:
    """Tells of records that were not believed, once the true entries are known."""

    def __init__(self, pool: asyncpg.Pool, source: Source, metrics: InboxMetrics) -> None:
        self._pool = pool
        self._source = source
        self._metrics = metrics

    async def tell(self, doubtful: Sequence[Delivery]) -> None:
        """Count records that were not believed and log what is wrong with each, compared with what was applied."""
        rows = await self._pool.fetch(
            SQL["resembling"],
            self._source,
            [delivery.position for delivery in doubtful],
            [delivery.chain_hash for delivery in doubtful],
            _LOOKED_BACK,
        )
        entries = [from_copy(row) for row in rows]
        at_position = {entry.position: entry for entry in entries}
        with_chain = {entry.chain_hash: entry for entry in entries}
        for delivery in doubtful:
            self._metrics.damaged.labels(self._source).inc()
            fields = altered_fields(delivery, at_position, with_chain)
            _log.error("record-not-believed", source=self._source, position=delivery.position, altered=fields)


def altered_fields(
    delivery: Delivery, at_position: Mapping[int, Delivery], with_chain: Mapping[bytes, Delivery]
) -> list[str]:
    """Return the record's fields that are not the true entry's, by the names they have in Kafka.

    Args:
        delivery: the record.
        at_position: true entries by their position.
        with_chain: true entries by their chain hash.
    """
    moved = with_chain.get(delivery.chain_hash)
    if moved is not None and moved.position != delivery.position and not _differing(delivery, moved):
        return [POSITION]
    true = at_position.get(delivery.position)
    if true is None:
        return ["everything: the source has no such entry"]
    return _differing(delivery, true)


def _differing(delivery: Delivery, true: Delivery) -> list[str]:
    fields = [
        HEADER_OF[name]
        for name in HASHED_ATTRIBUTES
        if getattr(delivery.envelope, name) != getattr(true.envelope, name)
    ]
    if delivery.data != true.data:
        fields.append("value")
    if delivery.chain_hash != true.chain_hash:
        fields.append(CHAIN_HASH)
    return fields
