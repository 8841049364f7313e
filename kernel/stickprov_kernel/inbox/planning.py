"""What to do with deliveries, decided without a database.

What must not break: whatever is dropped, doubled or reordered on the way, the runs of successive plans are the
source's log from position 1 on, each entry once and in order; an entry enters a run only if the chain fits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from stickprov_kernel.log.hashing import chain_hash, leaf_hash
from stickprov_kernel.messaging.delivery import Delivery

_NOTHING_KNOWN: Final[Mapping[int, bytes]] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now, and what to do after a gap is closed.

    Attributes:
        run: entries to apply now: contiguous after the position, in order, the chain recomputed and equal.
        duplicates: how many deliveries were applied before.
        damaged: those that claim the next position but do not fit the chain.
        missing_to: read the feed up to this position, inclusive, then plan ``rest``. None: there is no gap.
        rest: deliveries behind the gap.
        contradicting: those of applied positions with another chain hash. Either they are damaged, or the source's
            history is another one now: only its feed can tell.
    """

    run: Sequence[Delivery]
    duplicates: int = 0
    damaged: Sequence[Delivery] = ()
    missing_to: int | None = None
    rest: Sequence[Delivery] = ()
    contradicting: Sequence[Delivery] = ()


def plan(
    position: int, chain: bytes, deliveries: Sequence[Delivery], known: Mapping[int, bytes] = _NOTHING_KNOWN
) -> Plan:
    """Decide on deliveries in any order.

    Args:
        position: last position applied, 0 for none.
        chain: chain hash at that position.
        deliveries: what arrived.
        known: chain hashes of all positions among the deliveries that were applied before.
    """
    ordered = sorted(deliveries, key=lambda delivery: delivery.position)
    run: list[Delivery] = []
    damaged: list[Delivery] = []
    contradicting: list[Delivery] = []
    applied = dict(known)
    duplicates = 0
    missing_to: int | None = None
    for index, delivery in enumerate(ordered):
        if delivery.position <= position:
            if applied.get(delivery.position) == delivery.chain_hash:
                duplicates += 1
            else:
                contradicting.append(delivery)
        elif delivery.position > position + 1:
            missing_to = delivery.position - 1
            return Plan(run, duplicates, damaged, missing_to, ordered[index:], contradicting)
        elif not continues(chain, delivery):
            damaged.append(delivery)
            missing_to = delivery.position
        else:
            run.append(delivery)
            position, chain = delivery.position, delivery.chain_hash
            applied[position] = chain
            missing_to = None
    return Plan(run, duplicates, damaged, missing_to, contradicting=contradicting)


def continues(chain: bytes, delivery: Delivery) -> bool:
    """Return whether an entry is the one after an entry with this chain hash."""
    return chain_hash(chain, leaf_hash(delivery.envelope_bytes, delivery.data)) == delivery.chain_hash


def hang_together(deliveries: Sequence[Delivery]) -> bool:
    """Return whether any two entries in a row continue each other. No accident makes such two: some log has them."""
    return any(
        one.position + 1 == other.position and continues(one.chain_hash, other) for one, other in pairwise(deliveries)
    )
