"""How the logs stand that a service hears: answers of every service that hears any."""

from typing import Literal

from stickprov_contracts.http.base import Answer


class LogState(Answer):
    """How one source log stands with the service that hears it.

    Attributes:
        source: whose log. state: ``following``, or ``halted`` when the source's chain disagrees with what was applied.
        reason: why it is halted. chain_hash: at the last position applied.
        applied: last position applied. head: the source's last position, None when it cannot be reached.
        healed: events fetched from the feed because Kafka had not brought them. quarantined: events set aside.
    """

    source: str
    state: Literal["following", "halted"]
    reason: str | None
    applied: int
    chain_hash: str
    head: int | None
    healed: int
    quarantined: int


class QuarantinedEvent(Answer):
    """An event that could not be understood; its position was passed, its bytes are kept."""

    source: str
    position: int
    type: str
    reason: str
