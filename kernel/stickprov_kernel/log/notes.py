"""Signed notes as C2SP writes them (``c2sp.org/signed-note``): signed, read, and verified by whoever trusts a key.

A note is text, an empty line, then a line ``— <key name> <base64 of key id and signature>`` for each signature.

What must not break: nothing in a note is believed before a trusted key's signature over its text holds; every bit of
what is believed is signed, and no text can be read in two ways. The client reads notes with code of its own, which the
same tests try: whoever verifies us does not have to trust what signed.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
"""C2SP's number of the kind of signature."""

_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_MOST_SIGNATURES: Final = 100
_LONGEST_NOTE: Final = 100_000


class NoteError(ValueError):
    """A note, a key or a checkpoint is not what it should be; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name it signs under."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public key that verifies what this one signs."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        """Return the line under a note that says this key signed it."""
        signature = self.verifier.key_id + self.private.sign(text.encode())
        return f"\u2014 {self.name} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A line under a note: who is said to have signed it, and how."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read; its text means nothing before ``signers`` has verified it.

    Attributes:
        text: with its last newline: exactly what is signed.
    """

    text: str
    signatures: tuple[NoteSignature, ...]


def sign(text: str, keys: Sequence[SigningKey]) -> bytes:
    """Return a signed note.

    Args:
        text: ends with a newline.
        keys: at least one.
    """
    return (text + "\n" + "".join(key.line(text) for key in keys)).encode()


def read_key(text: str) -> VerifierKey:
    """Read a verifier key.

    Raises:
        NoteError: it is not one, its id is not its own, or it is of another kind than Ed25519.
    """
    name, plus, rest = text.partition("+")
    _, second_plus, packed = rest.partition("+")
    if not plus or not second_plus or not is_name(name):
        raise NoteError("a verifier key is <name>+<id>+<key>")
    raw = decoded(packed, "the key of a verifier key")
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


def _read_signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, packed = rest.partition(" ")
    if dash != "\u2014" or not is_name(name):
        raise NoteError("a signature's line is a dash (U+2014), a key's name and base64")
    raw = decoded(packed, f"the signature of {name}")
    if len(raw) <= _ID_BYTES:
        raise NoteError(f"the signature of {name} is too short")
    return NoteSignature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def is_name(name: str) -> bool:
    """Return whether a key may have this name: no space, no plus, no control character."""
    return bool(name) and "+" not in name and not any(character.isspace() or character < " " for character in name)


def decoded(text: str, what: str) -> bytes:
    """Decode base64 that is written the one way it can be: otherwise two texts would mean the same.

    Raises:
        NoteError: it is not; the message begins with ``what``.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise NoteError(f"{what} is not written as base64 should be")
    return raw
