"""Keys, notes and checkpoints for tests, and the two readers that must agree about them."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from stickprov_client.bundle.verifying import notes as of_the_client
from stickprov_kernel.log import checkpoint_note, notes
from stickprov_kernel.log.notes import SigningKey

KERNEL = SimpleNamespace(**vars(notes) | vars(checkpoint_note))
"""What signs reads notes too."""
CLIENT = of_the_client
"""What verifies without trusting what signs."""


def signing_key(name: str = "example.org/log", number: int = 1) -> SigningKey:
    """Return a key, the same for the same number."""
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(sha256(str(number).encode()).digest()))


def key_file(folder: Path, number: int = 1) -> Path:
    """Write the private key of ``signing_key(number=number)`` into a folder, as a service's settings want it."""
    path = folder / f"checkpoint-{number}.pem"
    pem = signing_key(number=number).private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    path.chmod(0o600)
    return path


def each_bit_changed(raw: bytes) -> Iterator[bytes]:
    """Yield everything that differs from some bytes in one bit."""
    for place in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        yield bytes(changed)
