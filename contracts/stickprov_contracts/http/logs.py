"""How the logs stand that a service hears: answers of every service that hears any."""

from datetime import datetime
from typing import Any, Literal

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
    """An event that could not be understood or applied; its position was passed, its bytes are kept.

    Attributes:
        reason: why, in the program's words. code: the kind of reason, for people's words: ``unknown-type`` (this
            release does not know the event or its version), ``invalid-data`` (the event is not what its schema says),
            ``not-applied`` (it was understood, and the projection failed on it).
        since: when it was set aside. stream, time, actor: of the event. data: its content, as far as it is JSON.
    """

    source: str
    position: int
    type: str
    reason: str
    code: Literal["unknown-type", "invalid-data", "not-applied"] = "not-applied"
    since: datetime | None = None
    stream: str = ""
    time: str = ""
    actor: str = ""
    data: Any = None
