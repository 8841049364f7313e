"""The keys that sign the checkpoints of the local stack's logs, one for each, and the file that says whom to trust.

A key is changed by moving its file to ``<name>.former.pem`` and starting the stack again: a new one is made, and the
former one names it. Private keys are readable by their owner alone and never leave the data folder.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from stickprov_contracts.topics import SOURCES
from stickprov_local.folders import DataFolder, write_privately

_ED25519: Final = b"\x01"  # C2SP's number of the kind of signature
_ID_BYTES: Final = 4


@dataclass(frozen=True)
class CheckpointKeys:
    """Where the keys lie.

    Attributes:
        signing: by service, the file of the key that signs.
        former: by service, the file of the key before it, for those that have one.
        trusted: the file of the public keys.
    """

    signing: Mapping[str, Path] = field(default_factory=dict)
    former: Mapping[str, Path] = field(default_factory=dict)
    trusted: Path | None = None

    def settings(self, service: str) -> dict[str, str]:
        """Return what a service with a log of its own is told."""
        given = {"CHECKPOINT_KEY": self.signing.get(service), "CHECKPOINT_FORMER_KEY": self.former.get(service)}
        return {name: str(path) for name, path in given.items() if path is not None}


def prepare(folder: DataFolder) -> CheckpointKeys:
    """Make the keys that are missing, and write the file of public keys anew."""
    signing: dict[str, Path] = {}
    former: dict[str, Path] = {}
    trusted: list[str] = []
    for service in SOURCES:
        current = folder.keys / f"checkpoint-{service}.pem"
        before = current.with_suffix(".former.pem")
        if not current.exists():
            write_privately(current, _new_key())
        signing[service] = current
        if before.exists():
            former[service] = before
            trusted.append(verifier_key(before, service))
        trusted.append(verifier_key(current, service))
    file = folder.keys / "checkpoints.keys"
    write_privately(file, ("\n".join(trusted) + "\n").encode())
    return CheckpointKeys(signing, former, file)


def verifier_key(path: Path, service: str) -> str:
    """Return the public key of a file as ``c2sp.org/signed-note`` writes it, under the name of the service's log."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    name = f"stickprov.local/{service}"
    public = _ED25519 + key.public_key().public_bytes_raw()
    key_id = sha256(name.encode() + b"\n" + public).digest()[:_ID_BYTES]
    return f"{name}+{key_id.hex()}+{base64.b64encode(public).decode()}"


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
