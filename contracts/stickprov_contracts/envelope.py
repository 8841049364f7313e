"""What surrounds an event on every wire: the CloudEvents 1.0 attributes that are stored, hashed and published.

``position`` and ``chainhash`` are given when the event is sequenced, so they travel beside the envelope and are
not part of what is hashed; the chain hash covers them by construction. Trace headers are not part of it either.
"""

from typing import Final

from pydantic import BaseModel, ConfigDict

SPEC_VERSION: Final = "1.0"
CONTENT_TYPE: Final = "application/json"

HASHED_ATTRIBUTES: Final = (
    "actor",
    "causationid",
    "correlationid",
    "datacontenttype",
    "id",
    "source",
    "specversion",
    "streamversion",
    "subject",
    "time",
    "type",
)
"""The attributes of the canonical envelope, in the order in which they are encoded. An absent one is left out."""


class Envelope(BaseModel):
    """The attributes of one event, all text as CloudEvents has them in Kafka's binary mode.

    Attributes:
        id: UUIDv7 of the event, unique in the whole system.
        source: ``/stickprov/<service>``.
        type: ``stickprov.<service>.<event-name>.v<version>``.
        subject: name of the stream.
        streamversion: the event's number within its stream, from 1, in decimal.
        time: RFC 3339 in UTC with microseconds, ending in ``Z``.
        actor: pseudonym of who gave the command, or ``system``.
        correlationid: UUID that is the same for everything one request led to.
        causationid: UUID of the command or event that caused this one, if known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source: str
    type: str
    subject: str
    streamversion: str
    time: str
    actor: str
    correlationid: str
    causationid: str | None = None
    specversion: str = SPEC_VERSION
    datacontenttype: str = CONTENT_TYPE
