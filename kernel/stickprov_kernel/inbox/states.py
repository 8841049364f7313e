"""How a source's log stands with who hears it, and what became of an event that was set aside."""

from dataclasses import dataclass
from typing import Literal

from stickprov_contracts.topics import Source


@dataclass(frozen=True, slots=True)
class InboxState:
    """Where a source's log stands here.

    Attributes:
        source: short name of the source.
        position: last position applied, 0 for none.
        chain_hash: chain hash at that position.
        state: ``halted`` when the source's history disagrees with what was applied.
        reason: why it is halted.
        healed: how many events came from the feed because Kafka did not bring them.
        quarantined: how many events wait in quarantine.
    """

    source: Source
    position: int
    chain_hash: bytes
    state: Literal["running", "halted"]
    reason: str | None
    healed: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that was put into quarantine: why, and whether it was applied after all."""

    reason: str
    requeued: bool
