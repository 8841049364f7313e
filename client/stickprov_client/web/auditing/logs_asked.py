"""What the pages of the audit ask the services about their own logs; a service that is away leaves the others."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.checking.fingerprints import fingerprint_of
from stickprov_contracts.http.checkpoints import Checkpoint, CheckpointKey, Checkpoints
from stickprov_contracts.log import LogHead
from stickprov_contracts.topics import Source

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SigningKey:
    """A key of a log as people compare it.

    Attributes:
        fingerprint: SHA-256 of the public key's 32 bytes, hex in groups; empty for a key that cannot be read.
        signs: whether it is the one that signs now.
    """

    text: str
    fingerprint: str
    adopted: datetime
    has_handover: bool
    signs: bool


@dataclass(frozen=True)
class SignedLog:
    """A log with the newest of its checkpoints.

    Attributes:
        more: whether there are older checkpoints than those.
    """

    source: Source
    origin: str
    head: LogHead
    keys: list[SigningKey]
    checkpoints: list[Checkpoint]
    more: bool

    @property
    def newest(self) -> Checkpoint | None:
        """The newest checkpoint."""
        return self.checkpoints[0] if self.checkpoints else None

    @property
    def unsigned(self) -> int:
        """How many events came after the newest checkpoint."""
        return self.head.position - (self.newest.size if self.newest else 0)


async def signed_log(services: Services, source: Source, *, limit: int, before: int | None = None) -> SignedLog | None:
    """Read a log's head, keys and checkpoints, the newest first; None when its service does not answer.

    Args:
        services: as somebody who may read them.
        source: whose log.
        limit: how many checkpoints.
        before: only those of fewer events.
    """
    own = services.own_log(source)
    try:
        found, head = await own.checkpoints(before, limit + 1, newest_first=True), await own.head()
    except ClientError as error:
        if isinstance(error, ApiProblem) and error.is_our_fault:
            raise
        _log.warning("page without a log", away=source, reason=str(error))
        return None
    return SignedLog(
        source=source,
        origin=found.origin,
        head=head,
        keys=_keys(found),
        checkpoints=found.checkpoints[:limit],
        more=len(found.checkpoints) > limit,
    )


def _keys(found: Checkpoints) -> list[SigningKey]:
    """Return the keys, the one that signs first."""
    newest_first = list(reversed(found.keys))
    return [_key(key, signs=place == 0) for place, key in enumerate(newest_first)]


def _key(key: CheckpointKey, *, signs: bool) -> SigningKey:
    return SigningKey(
        text=key.verifier_key,
        fingerprint=fingerprint_of(key.verifier_key),
        adopted=key.adopted,
        has_handover=key.handover is not None,
        signs=signs,
    )
