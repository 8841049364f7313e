"""What logs sign: checkpoints (``c2sp.org/tlog-checkpoint``) and handovers from one key to the next.

A checkpoint's text is the log's origin, size and root, a line each. A handover's is the origin with " key handover"
behind it, the next key, the log's size and the time.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from stickprov_kernel.log.notes import Note, NoteError, VerifierKey, decoded, read_key, signers

HANDOVER: Final = " key handover"
"""What stands after the origin in the first line of a handover."""

_HASH_BYTES: Final = 32
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: the log of that origin had so many events, and this root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the checkpoint."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Handover:
    """What a handover says: from a size of the log on, another key signs.

    Attributes:
        time: RFC 3339, UTC.
    """

    origin: str
    key: VerifierKey
    size: int
    time: str

    @property
    def text(self) -> str:
        """The text of the handover."""
        return f"{self.origin}{HANDOVER}\n{self.key.text}\n{self.size}\n{self.time}\n"


def read_checkpoint(note: Note) -> TreeHead:
    """Read the text of a checkpoint. Whether to believe it, ``trusted_head`` says.

    Raises:
        NoteError: the text is not that of a checkpoint.
    """
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):  # noqa: PLR2004 - its lines
        raise NoteError("a checkpoint has an origin, a size and a root, a line each, and no empty line")
    origin, size, root = lines[:3]
    return TreeHead(origin, _number(size, "a checkpoint's size"), _hash(root, "a checkpoint's root"))


def trusted_head(note: Note, trusted: Iterable[VerifierKey]) -> TreeHead:
    """Return what a checkpoint says, once a trusted key of that very log has signed it.

    Raises:
        NoteError: it is no checkpoint, or no trusted key of its origin signed it.
    """
    head = read_checkpoint(note)
    signers(note, [key for key in trusted if key.name == head.origin])
    return head


def read_handover(note: Note) -> Handover:
    """Read the text of a handover. Whether to believe it, ``trusted_with`` says.

    Raises:
        NoteError: the text is not that of a handover.
    """
    lines = note.text[:-1].split("\n")
    if len(lines) != 4 or not lines[0].endswith(HANDOVER) or not _TIME.fullmatch(lines[3]):  # noqa: PLR2004 - its lines
        raise NoteError("a handover has an origin, the next key, a size and a time")
    origin, key = lines[0].removesuffix(HANDOVER), read_key(lines[1])
    if key.name != origin:
        raise NoteError(f"the handover of {origin} names a key of {key.name}")
    return Handover(origin, key, _number(lines[2], "a handover's size"), lines[3])


def trusted_with(trusted: Sequence[VerifierKey], handovers: Iterable[Note]) -> list[VerifierKey]:
    """Return the trusted keys and those that they handed over to, directly or by others between.

    A handover counts when a trusted key of the same origin signed it, and so did the key that it names.

    Args:
        trusted: given from outside.
        handovers: in the order in which the keys were adopted.

    Raises:
        NoteError: a note is no handover, or a signature of a trusted key on it is false.
    """
    known = list(trusted)
    for note in handovers:
        handover = read_handover(note)
        of_the_log = [key for key in known if key.name == handover.origin]
        by = {(one.name, one.key_id) for one in note.signatures}
        if handover.key in known or not any((key.name, key.key_id) in by for key in of_the_log):
            continue
        signers(note, of_the_log)
        signers(note, [handover.key])
        known.append(handover.key)
    return known


def _number(text: str, what: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NoteError(f"{what} is not a whole number")
    return int(text)


def _hash(text: str, what: str) -> bytes:
    raw = decoded(text, what)
    if len(raw) != _HASH_BYTES:
        raise NoteError(f"{what} is not 32 bytes")
    return raw
