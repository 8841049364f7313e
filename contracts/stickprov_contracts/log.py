"""The HTTP feed of a log: what a consumer reads when Kafka lost, doubled or disordered something."""

from pydantic import BaseModel, ConfigDict, Field

from stickprov_contracts.envelope import Envelope


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class LogHead(_Answer):
    """How far a log has come.

    Attributes:
        source: short name of the service.
        position: last position given, 0 when the log is empty.
        chain_hash: hex of the chain hash at that position, 64 zeros when the log is empty.
        root: hex of the RFC 9162 tree's root over all leaves.
    """

    source: str
    position: int = Field(ge=0)
    chain_hash: str = Field(pattern="^[0-9a-f]{64}$")
    root: str = Field(pattern="^[0-9a-f]{64}$")


class LogEntry(_Answer):
    """One sequenced event, exactly as it was stored.

    Attributes:
        position: place in the log's total order, from 1, without holes.
        chain_hash: hex of the chain hash at this position.
        envelope: the attributes that were hashed.
        data: the event's JSON text; its UTF-8 bytes are what was hashed.
    """

    position: int = Field(ge=1)
    chain_hash: str
    envelope: Envelope
    data: str


class LogPage(_Answer):
    """A range of a log after a position, in order and without holes, with the head as of the same moment."""

    head: LogHead
    entries: list[LogEntry]
