"""A sign-in of one's own for a test: a key, a file of public keys, and tokens for anybody."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from stickprov_kernel.http.identity import Authenticator, actor_pseudonym

ISSUER = "https://sign-in.example"
AUDIENCE = "stickprov"
STAFF_KEY = bytes(range(32))
ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class Issuer:
    """Makes tokens that services with ``authenticator()`` or ``keys_file()`` believe."""

    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True))

    def token(self, subject: str, *roles: str, lives: int = 3600, **claims: Any) -> str:
        """Return a token; ``lives`` in seconds from now, ``claims`` on top of the usual ones (None leaves one out)."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "roles": list(roles), "iat": now, "exp": now + lives}
        return self.signed({name: value for name, value in (usual | claims).items() if value is not None})

    def signed(self, claims: Mapping[str, Any], **header: str) -> str:
        """Return a token with exactly these claims."""
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.kid} | header, dict(claims), self.key, [ALGORITHM])

    def bearer(self, subject: str, *roles: str, **claims: Any) -> dict[str, str]:
        """Return the header that signs a request in."""
        return {"Authorization": f"Bearer {self.token(subject, *roles, **claims)}"}

    def keys(self) -> KeySet:
        """Return the public keys."""
        return KeySet.import_key_set(KeySet([self.key]).as_dict(private=False))

    def keys_file(self, folder: Path) -> Path:
        """Write the public keys into a folder and return the file."""
        path = folder / "jwks.json"
        path.write_text(json.dumps(self.keys().as_dict(private=False)), encoding="utf-8")
        return path

    def authenticator(self) -> Authenticator:
        """Return what checks this issuer's tokens."""
        return Authenticator(self.keys(), ISSUER, AUDIENCE, STAFF_KEY)

    def actor(self, subject: str) -> str:
        """Return the pseudonym under which a subject acts."""
        return actor_pseudonym(STAFF_KEY, subject)


def issuer() -> Issuer:
    """Return a new issuer with a new key."""
    return Issuer()
