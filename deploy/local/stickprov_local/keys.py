"""Who may do what in the local stack: an issuer key, the staff key, master keys, and a token for each role.

Stands in for the municipality's OpenID provider until there is one. The private keys and the tokens are readable by
their owner alone and never leave the data folder; services refuse this issuer outside ``local`` mode.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from stickprov_contracts.topics import SOURCES
from stickprov_local import checkpoint_keys
from stickprov_local.checkpoint_keys import CheckpointKeys
from stickprov_local.errors import StackRefusedError
from stickprov_local.folders import DataFolder, write_privately

ISSUER: Final = "urn:stickprov:local"
AUDIENCE: Final = "stickprov"
VALID_FOR: Final = timedelta(days=30)
_ALGORITHM: Final = "Ed25519"  # RFC 9864's name; "EdDSA" did not say which curve
_KEY_BYTES: Final = 32
_REVIEWERS: Final = 12

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "coordinator": ("coordinator",),
    **{f"reviewer-{number:02}": ("reviewer",) for number in range(1, _REVIEWERS + 1)},
    "protected-reviewer": ("protected-reviewer",),
    "board": ("board",),
    "auditor": ("auditor",),
    "ops": ("ops",),
    "service": ("service",),
}
"""The roles of each token's subject."""


@dataclass(frozen=True)
class Keys:
    """What the services need to know whom to believe.

    Attributes:
        public_keys: path of the issuer's public keys, a JWK set.
        staff_key: hex of the 32 bytes that make actor pseudonyms.
        master: by service, the file of the keys that seal what identifies a person.
        checkpoints: the keys that sign the logs.
    """

    public_keys: Path
    staff_key: str
    master: Mapping[str, Path] = field(default_factory=dict)
    checkpoints: CheckpointKeys = field(default_factory=CheckpointKeys)


def refuse_lost(folder: DataFolder) -> None:
    """Refuse a folder with data and without keys, as a backup has it: new ones would open nothing of it.

    Raises:
        StackRefusedError: so it is.
    """
    if (folder.postgres / "data").exists() and not (folder.keys / "staff.key").exists():
        raise StackRefusedError(
            f"{folder.root} holds data, and {folder.keys} not the keys they were written with; put those back from "
            "their own backup, or restore with --keys"
        )


def prepare(folder: DataFolder, now: datetime) -> Keys:
    """Make the keys on the first start, and fresh tokens for 30 days on every start."""
    issuer = _issuer_key(folder.keys / "issuer.json")
    public_keys = folder.keys / "jwks.json"
    write_privately(public_keys, json.dumps(KeySet([issuer]).as_dict(private=False)).encode())
    for subject, roles in ROLES.items():
        write_privately(folder.tokens / f"{subject}.jwt", token(issuer, subject, roles, now).encode())
    return Keys(
        public_keys=public_keys,
        staff_key=_staff_key(folder.keys / "staff.key"),
        master={service: _master_keys(folder.keys / f"master-{service}.keys", now) for service in SOURCES},
        checkpoints=checkpoint_keys.prepare(folder),
    )


def token(issuer: OKPKey, subject: str, roles: tuple[str, ...], now: datetime) -> str:
    """Return a signed token that says who its bearer is and which roles they have."""
    header = {"alg": _ALGORITHM, "kid": issuer.kid}
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "roles": list(roles),
        "iat": int(now.timestamp()),
        "exp": int((now + VALID_FOR).timestamp()),
    }
    return jwt.encode(header, claims, issuer, algorithms=[_ALGORITHM])


def _issuer_key(path: Path) -> OKPKey:
    if path.exists():
        return OKPKey.import_key(json.loads(path.read_bytes()))
    key = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
    write_privately(path, json.dumps(key.as_dict(private=True)).encode())
    return key


def _staff_key(path: Path) -> str:
    if not path.exists():
        write_privately(path, secrets.token_hex(_KEY_BYTES).encode())
    return path.read_text(encoding="ascii").strip()


def _master_keys(path: Path, now: datetime) -> Path:
    """Make the first master key; whoever rotates puts a new line before it."""
    if not path.exists():
        write_privately(path, f"{now:%Y-%m-%d} {secrets.token_hex(_KEY_BYTES)}\n".encode())
    return path
