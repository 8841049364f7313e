"""What is told of an event in quarantine: why it is there, since when, and what it is."""

import json

import asyncpg

from stickprov_contracts.http.logs import QuarantinedEvent
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.understanding import code_of


def told_of(row: asyncpg.Record) -> QuarantinedEvent:
    """Return an event that waits, from its row of query ``waiting``; content that is no JSON is left out."""
    envelope = decode(row["envelope"])
    return QuarantinedEvent(
        source=row["source"],
        position=row["position"],
        type=row["type"],
        reason=row["reason"],
        code=code_of(row["type"], row["reason"]),
        since=row["quarantined_at"],
        stream=envelope.subject,
        time=envelope.time,
        actor=envelope.actor,
        data=_content(row["data"]),
    )


def _content(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return None
