"""Checking a log by what its service gives: kept checkpoints against the log of today, an event against a checkpoint.

What must not break: nothing that a service says is believed for itself. A checkpoint counts by the signature of a
trusted key, everything else by the hashes that lead to a checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stickprov_client.api.checkpoints import OwnLogClient
from stickprov_client.bundle.verifying.events import canonical
from stickprov_client.bundle.verifying.notes import Note, NoteError, TreeHead, read_note
from stickprov_client.bundle.verifying.tree import ProofError, leaf_hash, verify_consistency, verify_inclusion
from stickprov_client.checking.trust import NotProvedError, Trust, sentence
from stickprov_client.documents.proof_file import ConsistencyFile, InclusionFile

_LENGTH_BYTES: Final = 4


@dataclass(frozen=True)
class Grown:
    """A log that begins as it was earlier.

    Attributes:
        earlier: what the earlier checkpoint says. later: what the log was by the later one.
        signed: whether the later one is signed; else it is what the service says of its log just now.
    """

    earlier: TreeHead
    later: TreeHead
    signed: bool


async def still_as_it_was(log: OwnLogClient, kept: Note, trust: Trust) -> Grown:
    """Check that a log begins with the events that it had at a kept checkpoint.

    Raises:
        NotProvedError: it does not, or one of the checkpoints is not signed by a trusted key.
    """
    earlier = trust.head(kept)
    newest = (await log.checkpoints(limit=1, newest_first=True)).checkpoints
    if newest and newest[0].size > earlier.size:
        later, signed = trust.head(_read(newest[0].note.encode())), True
    else:
        head = await log.head()
        later = TreeHead(earlier.origin, head.position, bytes.fromhex(head.root))
        signed = later.size == earlier.size
    if later.size < earlier.size:
        raise NotProvedError(f"The log had {earlier.size} events, and now it has {later.size}: its end was cut off.")
    proof = await log.consistency(earlier.size, later.size)
    _consistent(earlier, later, [bytes.fromhex(one) for one in proof.hashes])
    return Grown(earlier, later, signed)


async def consistency_file(log: OwnLogClient, older: TreeHead, newer: TreeHead, note: bytes) -> ConsistencyFile:
    """Ask a service for the proof that one of its checkpoints continues another one."""
    proof = await log.consistency(older.size, newer.size)
    return ConsistencyFile(older.size, tuple(bytes.fromhex(one) for one in proof.hashes), note)


def check_consistency(older: Note, newer: Note, proof: ConsistencyFile, trust: Trust) -> Grown:
    """Check that a checkpoint continues an older one, with nothing but a proof.

    Raises:
        NotProvedError: it does not, they are of two logs, or one is not signed by a trusted key.
    """
    earlier, later = trust.head(older), trust.head(newer)
    if earlier.origin != later.origin:
        raise NotProvedError(f"The checkpoints are of two logs, “{earlier.origin}” and “{later.origin}”.")
    if proof.first != earlier.size or _read(proof.note) != newer:
        raise NotProvedError("The proof is of other checkpoints.")
    _consistent(earlier, later, proof.hashes)
    return Grown(earlier, later, signed=True)


async def inclusion_file(log: OwnLogClient, position: int, checkpoint: bytes, size: int) -> InclusionFile:
    """Ask a service for an event and for the proof that it is in the tree of a checkpoint.

    Raises:
        NotProvedError: the service gives another event than the one at that position.
    """
    proof = await log.inclusion(position, size)
    entries = (await log.page(position - 1, 1)).entries
    if not entries or entries[0].position != position:
        raise NotProvedError(f"The log does not give the event at position {position}.")
    event = canonical(entries[0].envelope.model_dump(exclude_none=True)) + entries[0].data.encode()
    return InclusionFile(event, position, tuple(bytes.fromhex(one) for one in proof.hashes), checkpoint)


def check_inclusion(proof: InclusionFile, trust: Trust) -> TreeHead:
    """Check that an event is where its proof says, in the tree of a trusted checkpoint, which is returned.

    Raises:
        NotProvedError: it is not, or the checkpoint is not signed by a trusted key.
    """
    head = trust.head(_read(proof.note))
    try:
        verify_inclusion(leaf_hash(b"", proof.event), proof.position, head.size, proof.hashes, head.root)
    except ProofError as error:
        raise NotProvedError(sentence(error)) from None
    return head


def _consistent(earlier: TreeHead, later: TreeHead, hashes: Sequence[bytes]) -> None:
    try:
        verify_consistency(earlier.size, later.size, hashes, earlier.root, later.root)
    except ProofError as error:
        raise NotProvedError(sentence(error)) from None


def _read(raw: bytes) -> Note:
    try:
        return read_note(raw)
    except NoteError as error:
        raise NotProvedError(sentence(error)) from None


def event_in(proof: InclusionFile) -> tuple[dict[str, str], bytes]:
    """Return the attributes and the data of the event in a proof that was checked.

    The envelope is names and values, each behind its length in four bytes; a length begins with a zero, and JSON does
    not.

    Raises:
        NotProvedError: it is no event.
    """
    parts, rest = [], proof.event
    while rest[:1] == b"\x00":
        end = _LENGTH_BYTES + int.from_bytes(rest[:_LENGTH_BYTES], "big")
        parts.append(rest[_LENGTH_BYTES:end].decode(errors="replace"))
        rest = rest[end:]
    if len(parts) % 2 or not {"type", "time", "actor"} <= set(parts[::2]):
        raise NotProvedError("What the proof is of is no event.")
    return dict(zip(parts[::2], parts[1::2], strict=True)), rest
