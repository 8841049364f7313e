"""What goes into a log and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from stickprov_contracts.envelope import Envelope
from stickprov_contracts.events import Event


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Everything about a command that is not its content. Time and ids arrive here; the domain asks nobody.

    Attributes:
        command_id: the caller's idempotency key.
        actor: pseudonym of who asks.
        request_hash: keyed hash of the request (method, path, If-Match and body), to tell a retry from a reuse.
        time: aware, UTC.
        correlation_id: the same for everything one request leads to.
        causation_id: the event or command that led to this one, if any.
        traceparent: W3C trace context of the request, if it had one; kept beside the event and never hashed.
    """

    command_id: UUID
    actor: str
    request_hash: bytes
    time: datetime
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that is decided but not yet stored."""

    id: UUID
    event: Event


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Events for one stream, and the version at which the decision was taken (0: the stream is new)."""

    stream: str
    expected_version: int
    events: Sequence[PendingEvent]


@dataclass(frozen=True, slots=True)
class SideStatement:
    """A statement on the service's own tables that stands or falls with the events.

    Attributes:
        first: whether it runs before the streams' versions are looked at, as a lock must.
    """

    sql: str
    arguments: tuple[object, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command led to: the answer stored with it, and whether it had been carried out before."""

    answer: bytes
    repeated: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored event as its stream knows it. It may not be sequenced yet."""

    id: UUID
    stream: str
    version: int
    time: datetime
    actor: str
    correlation_id: UUID
    causation_id: UUID | None
    event: Event


@dataclass(frozen=True, slots=True)
class History:
    """All events of one stream, oldest first. ``version`` is 0 for a stream that does not exist."""

    stream: str
    events: tuple[Recorded, ...] = field(default=())

    @property
    def version(self) -> int:
        """Version of the newest event."""
        return self.events[-1].version if self.events else 0


@dataclass(frozen=True, slots=True)
class Sequenced:
    """An event with its place in the log's total order, as bytes: what is hashed, published and fed.

    ``traceparent`` travels beside it on Kafka, and is neither hashed nor fed.
    """

    position: int
    chain_hash: bytes
    envelope: bytes
    data: bytes
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log has come: last position, chain hash there, tree root over all leaves."""

    position: int
    chain_hash: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event of another service's log, checked and understood, ready to be applied."""

    position: int
    chain_hash: bytes
    envelope: Envelope
    event: Event
