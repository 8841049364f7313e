"""Signed notes and checkpoints as C2SP writes them, read and verified by whoever trusts a key.

``c2sp.org/signed-note``: text, an empty line, then a line ``— <key name> <base64 of key id and signature>`` for each
signature. ``c2sp.org/tlog-checkpoint``: the text is a log's origin, size and root, a line each.

What must not break: nothing in a note is believed before a trusted key's signature over its text holds; every bit of
what is believed is signed, and no text can be read in two ways.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
"""C2SP's number of the kind of signature."""

HANDOVER = " key handover"
"""What stands after the origin in the first line of the note by which a key names the next one."""

_KEY_BYTES = 32
_ID_BYTES = 4
_HASH_BYTES = 32
_MOST_SIGNATURES = 100
_LONGEST_NOTE = 100_000
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class NoteError(ValueError):
    """A note, a key or a checkpoint is not what it should be; the message says what is wrong with it."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs under.

    Attributes:
        name: for a log's key, the log's origin.
        public: the 32 bytes of an Ed25519 key (RFC 8032).
    """

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell the keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """The key as it is given to others: ``<name>+<id in hex>+<base64 of kind and key>``."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Return whether this key made a signature over a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class NoteSignature:
    """A line under a note: who is said to have signed it, and how."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A note as it was read; its text means nothing before ``signers`` has verified it.

    Attributes:
        text: with its last newline: exactly what is signed.
    """

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: the log of that origin had so many events, and this root over them."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Handover:
    """What a handover says: from a size of the log on, another key signs.

    Attributes:
        time: RFC 3339, UTC.
    """

    origin: str
    key: VerifierKey
    size: int
    time: str


def read_key(text: str) -> VerifierKey:
    """Read a verifier key.

    Raises:
        NoteError: it is not one, its id is not its own, or it is of another kind than Ed25519.
    """
    name, plus, rest = text.partition("+")
    _, second_plus, packed = rest.partition("+")
    if not plus or not second_plus or not _is_name(name):
        raise NoteError("a verifier key is <name>+<id>+<key>")
    raw = _decoded(packed, "the key of a verifier key")
    if raw[:1] != ED25519 or len(raw) != 1 + _KEY_BYTES:
        raise NoteError(f"the key of {name} is not an Ed25519 key")
    key = VerifierKey(name, raw[1:])
    if key.text != text:
        raise NoteError(f"the id of the key of {name} is not that of the key")
    return key


def read_keys(text: str) -> list[VerifierKey]:
    """Read verifier keys, one a line; empty lines and lines that begin with ``#`` are passed over.

    Raises:
        NoteError: a line is no verifier key.
    """
    lines = (line.strip() for line in text.splitlines())
    return [read_key(line) for line in lines if line and not line.startswith("#")]


def read_note(raw: bytes) -> Note:
    """Read a signed note.

    Raises:
        NoteError: the bytes are not a signed note.
    """
    if len(raw) > _LONGEST_NOTE:
        raise NoteError("this is too long to be a signed note")
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        raise NoteError("a signed note is UTF-8 text") from None
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("a signed note has no control characters")
    text, gap, signatures = whole.rpartition("\n\n")
    if not gap or not text or not signatures.endswith("\n"):
        raise NoteError("a signed note is text, an empty line and a line for each signature")
    lines = signatures[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return Note(text + "\n", tuple(_read_signature(line) for line in lines))


def signers(note: Note, trusted: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Return which of the trusted keys signed a note, at least one.

    Raises:
        NoteError: none did, or a signature under a trusted key's name and id is not by that key.
    """
    found = []
    known = {(key.name, key.key_id): key for key in trusted}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.signed(note.text, signature.signature):
            raise NoteError(f"the signature of {key.name} ({key.key_id.hex()}) does not fit the text")
        if key not in found:
            found.append(key)
    if not found:
        by = ", ".join(sorted({f"{one.name} ({one.key_id.hex()})" for one in note.signatures}))
        raise NoteError(f"no trusted key signed this; it is signed by {by}")
    return found


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


def _read_signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, packed = rest.partition(" ")
    if dash != "\u2014" or not _is_name(name):
        raise NoteError("a signature's line is a dash (U+2014), a key's name and base64")
    raw = _decoded(packed, f"the signature of {name}")
    if len(raw) <= _ID_BYTES:
        raise NoteError(f"the signature of {name} is too short")
    return NoteSignature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() or character < " " for character in name)


def _number(text: str, what: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NoteError(f"{what} is not a whole number")
    return int(text)


def _hash(text: str, what: str) -> bytes:
    raw = _decoded(text, what)
    if len(raw) != _HASH_BYTES:
        raise NoteError(f"{what} is not 32 bytes")
    return raw


def _decoded(text: str, what: str) -> bytes:
    """Decode base64 that is written the one way it can be: otherwise two texts would mean the same."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise NoteError(f"{what} is not written as base64 should be")
    return raw
