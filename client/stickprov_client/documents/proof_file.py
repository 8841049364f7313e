"""Proofs as files that can be kept and verified without any server, in the forms of the transparency logs' community.

An inclusion proof is a ``c2sp.org/tlog-proof``: the event's exact bytes (``extra``), its index counted from 0, the
path, and the checkpoint that it leads to. A consistency proof is what ``c2sp.org/tlog-witness`` has a log send to a
witness: the earlier size (``old``), the path, and the later checkpoint.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from stickprov_client.bundle.verifying.notes import NoteError

_INCLUSION: Final = "c2sp.org/tlog-proof@v1"
_MOST_HASHES: Final = 63
_MOST_DIGITS: Final = 18


@dataclass(frozen=True)
class InclusionFile:
    """An inclusion proof as it was read; nothing of it is believed yet.

    Attributes:
        event: the event's canonical envelope and its data, as they are hashed.
        position: from 1.
        note: the checkpoint's bytes.
    """

    event: bytes
    position: int
    hashes: tuple[bytes, ...]
    note: bytes

    @property
    def text(self) -> str:
        """What the file has."""
        lines = [_INCLUSION, f"extra {_packed(self.event)}", f"index {self.position - 1}"]
        return _written(lines, self.hashes, self.note)


@dataclass(frozen=True)
class ConsistencyFile:
    """A consistency proof as it was read; nothing of it is believed yet.

    Attributes:
        first: size of the earlier log.
        note: the later checkpoint's bytes.
    """

    first: int
    hashes: tuple[bytes, ...]
    note: bytes

    @property
    def text(self) -> str:
        """What the file has."""
        return _written([f"old {self.first}"], self.hashes, self.note)


def read_inclusion(raw: bytes) -> InclusionFile:
    """Read a kept inclusion proof.

    Raises:
        NoteError: it is none.
    """
    lines, note = _parts(raw)
    if len(lines) < 3 or lines[0] != _INCLUSION:  # noqa: PLR2004 - its first three lines
        raise NoteError(f"an inclusion proof begins with {_INCLUSION}, the event and its index")
    event = _unpacked(_after("extra ", lines[1]), "the event of a proof")
    position = _number(_after("index ", lines[2]), "the index of a proof") + 1
    return InclusionFile(event, position, _hashes(lines[3:]), note)


def read_consistency(raw: bytes) -> ConsistencyFile:
    """Read a kept consistency proof.

    Raises:
        NoteError: it is none.
    """
    lines, note = _parts(raw)
    if not lines:
        raise NoteError("a consistency proof begins with the old size")
    return ConsistencyFile(_number(_after("old ", lines[0]), "the old size of a proof"), _hashes(lines[1:]), note)


def _parts(raw: bytes) -> tuple[list[str], bytes]:
    head, gap, note = raw.partition(b"\n\n")
    if not gap:
        raise NoteError("a proof has an empty line before its checkpoint")
    try:
        return head.decode("ascii").split("\n"), note
    except UnicodeDecodeError:
        raise NoteError("a proof is plain text") from None


def _written(lines: list[str], hashes: tuple[bytes, ...], note: bytes) -> str:
    return "\n".join([*lines, *(_packed(one) for one in hashes), "", note.decode()])


def _after(name: str, line: str) -> str:
    if not line.startswith(name):
        raise NoteError(f"a line of the proof should begin with “{name.strip()}”")
    return line.removeprefix(name)


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS) or str(int(text)) != text:
        raise NoteError(f"{what} is not a whole number")
    return int(text)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > _MOST_HASHES:
        raise NoteError("the proof is too long")
    return tuple(_unpacked(line, "a hash of the proof") for line in lines)


def _packed(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unpacked(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{what} is not base64") from None
    if _packed(raw) != text:
        raise NoteError(f"{what} is not written as base64 should be")
    return raw
