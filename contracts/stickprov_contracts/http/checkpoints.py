"""Signed checkpoints of a log, and proofs over its tree.

A checkpoint is a C2SP signed note (``c2sp.org/tlog-checkpoint``, ``c2sp.org/signed-note``): origin, size and root on a
line each, signed with Ed25519. Whoever keeps one can tell for ever whether the log still has the history it had then.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from stickprov_contracts.http.base import Answer
from stickprov_contracts.topics import Source

Hex256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
CheckpointReason = Literal["interval", "period-closed", "asked"]


class CheckpointKey(Answer):
    """A key that signs, or signed, a log's checkpoints.

    Attributes:
        verifier_key: the public key as C2SP writes it: ``<name>+<hash>+<base64>``. This is what is given from outside.
        adopted: since when it signs.
        handover: the signed note in which the key before this one names it, signed by both; None for the first key, and
            for one whose predecessor was lost (whoever trusted the predecessor has to be told the new one).
    """

    verifier_key: str
    adopted: datetime
    handover: str | None


class Checkpoint(Answer):
    """What a log was at one moment.

    Attributes:
        size: how many events. root: hex of the RFC 9162 tree's root over them.
        reason: what it was made for.
        note: the signed note's text; its UTF-8 bytes are what was published on Kafka.
    """

    source: Source
    origin: str
    size: int = Field(ge=0)
    root: Hex256
    time: datetime
    reason: CheckpointReason
    note: str


class Checkpoints(Answer):
    """``GET /v1/checkpoints?after=&limit=&order=``: keys in the order of their adoption, checkpoints by size.

    ``order=newest`` begins with the largest; ``after`` is the size to start beyond, in that order. ``GET
    /v1/checkpoints/latest`` and ``/v1/checkpoints/{size}`` give one note as plain text; ``POST /v1/checkpoints`` makes
    one of the log as it is now, or returns the one that exists.
    """

    source: Source
    origin: str
    keys: list[CheckpointKey]
    checkpoints: list[Checkpoint]


class InclusionProof(Answer):
    """``GET /v1/log/inclusion?position=&size=`` (RFC 9162, 2.1.3): an event is in the tree of a size.

    Attributes:
        leaf: hex of the event's leaf hash. hashes: the path from the leaf up.
    """

    source: Source
    position: int = Field(ge=1)
    size: int = Field(ge=1)
    leaf: Hex256
    root: Hex256
    hashes: list[Hex256]


class ConsistencyProof(Answer):
    """``GET /v1/log/consistency?first=&second=`` (RFC 9162, 2.1.4): the larger tree begins with the smaller one."""

    source: Source
    first: int = Field(ge=1)
    second: int = Field(ge=1)
    first_root: Hex256
    second_root: Hex256
    hashes: list[Hex256]


class LogVerification(Answer):
    """``GET /v1/log/verification``: a service reads its own tables again, from the first row to the last.

    ``GET /v1/log/leaves?after=&limit=`` gives leaf hashes alone, 32 bytes each, for whoever recomputes chain and tree.

    Attributes:
        events: how many are whole, from the first. checkpoints: how many of them are, counted once all events are.
        chain_hash, root: at the last event that is whole.
        first_difference: what is wrong and where, in words, if anything is: table, position and column.
    """

    source: Source
    verdict: Literal["verified", "different"]
    events: int
    checkpoints: int
    chain_hash: Hex256
    root: Hex256
    first_difference: str | None
