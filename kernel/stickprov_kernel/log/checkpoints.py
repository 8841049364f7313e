"""Signed checkpoints of a log, in its own database.

What must not break: a checkpoint is of a row of the tree; there is one per size, and each is larger than those before;
only the newest key signs. Keys and checkpoints are adopted and made one at a time, whoever does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
import structlog

from stickprov_contracts.http.checkpoints import CheckpointReason
from stickprov_kernel.database.pool import Connection
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.errors import ConflictError
from stickprov_kernel.log.checkpoint_note import Handover, TreeHead
from stickprov_kernel.log.envelope import time_text
from stickprov_kernel.log.notes import SigningKey, VerifierKey, sign

SQL: Final = load_queries(__package__, "checkpoints.sql")

_TURN: Final = 0x5374_4368_6B  # "StChk"
_LARGEST: Final = 2**63 - 1

_log = structlog.get_logger(__name__)


class LogEmptyError(ConflictError):
    """There is nothing to sign yet."""

    code = "log-empty"
    title = "The log is empty"


class NotSigningError(ConflictError):
    """This process has no key that may sign."""

    code = "checkpoints-not-signed"
    title = "Checkpoints are not signed here"


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key that signs or signed.

    Attributes:
        number: from 1, in the order of adoption.
        verifier_key: as it is given to others.
        size: of the log when it was adopted.
        handover: the note in which the key before names it.
    """

    number: int
    verifier_key: str
    adopted: datetime
    size: int
    handover: bytes | None


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint; ``note`` is what was signed and published."""

    size: int
    root: bytes
    time: datetime
    reason: CheckpointReason
    note: bytes


class Checkpoints:
    """Reads, makes and keeps the checkpoints of one log."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keys(self) -> list[KeptKey]:
        """Return every key in the order of its adoption."""
        return [KeptKey(*row) for row in await self._pool.fetch(SQL["keys"])]

    async def page(self, after: int | None, limit: int, *, newest_first: bool = False) -> list[KeptCheckpoint]:
        """Return checkpoints beyond a size, in either order; from the beginning of that order without a size."""
        if newest_first:
            rows = await self._pool.fetch(SQL["newest_first"], _LARGEST if after is None else after, limit)
        else:
            rows = await self._pool.fetch(SQL["oldest_first"], after or 0, limit)
        return [KeptCheckpoint(*row) for row in rows]

    async def newest(self) -> KeptCheckpoint | None:
        """Return the newest checkpoint."""
        row = await self._pool.fetchrow(SQL["newest"])
        return KeptCheckpoint(*row) if row else None

    async def at(self, size: int) -> KeptCheckpoint | None:
        """Return the checkpoint of a size."""
        row = await self._pool.fetchrow(SQL["at"], size)
        return KeptCheckpoint(*row) if row else None

    async def adopt(self, key: SigningKey, former: SigningKey | None, now: datetime) -> None:
        """Make a key the one that signs, unless it is already.

        Args:
            key: the key.
            former: the key before it, which then names it.
            now: aware, UTC.

        Raises:
            NotSigningError: the key signed before and was replaced; it must not come back.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL["take_turns"], _TURN)
            keys = [KeptKey(*row) for row in await connection.fetch(SQL["keys"])]
            if keys and keys[-1].verifier_key == key.verifier.text:
                return
            if any(kept.verifier_key == key.verifier.text for kept in keys):
                raise NotSigningError(
                    "This checkpoint key was replaced by a newer one. Configure the newer one, or make a new key."
                )
            head = await connection.fetchrow(SQL["tree_head"])
            size = head["size"] if head else 0
            handover = _handover(key.verifier, keys, size, now, (former, key))
            await connection.execute(SQL["adopt"], len(keys) + 1, key.verifier.text, now, size, handover)
        _log.info("checkpoint-key-adopted", key=key.verifier.text, handed_over=handover is not None)

    async def make(self, key: SigningKey, reason: CheckpointReason, now: datetime) -> tuple[KeptCheckpoint, bool]:
        """Sign the log as it is now.

        Returns:
            The checkpoint of the log's size, and whether it is new.

        Raises:
            LogEmptyError: there is nothing to sign.
            NotSigningError: another key is the newest.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL["take_turns"], _TURN)
            head = await connection.fetchrow(SQL["tree_head"])
            if head is None:
                raise LogEmptyError("No event has a place in the log yet, so there is nothing to sign.")
            kept = await connection.fetchrow(SQL["at"], head["size"])
            if kept is not None:
                return KeptCheckpoint(*kept), False
            number = await _number_of(connection, key)
            note = sign(TreeHead(key.name, head["size"], head["root"]).text, [key])
            made = KeptCheckpoint(head["size"], head["root"], now, reason, note)
            await connection.execute(SQL["write"], made.size, number, made.root, now, reason, note)
        return made, True


async def _number_of(connection: Connection, key: SigningKey) -> int:
    newest = await connection.fetchrow(SQL["newest_key"])
    if newest is None or newest["verifier_key"] != key.verifier.text:
        raise NotSigningError("Another process has adopted a newer checkpoint key. Restart this one with that key.")
    number: int = newest["number"]
    return number


def _handover(
    key: VerifierKey, before: Sequence[KeptKey], size: int, now: datetime, both: tuple[SigningKey | None, SigningKey]
) -> bytes | None:
    former, new = both
    if not before:
        return None
    if former is None or former.verifier.text != before[-1].verifier_key:
        _log.warning(
            "checkpoint-key-without-handover",
            key=key.text,
            former=before[-1].verifier_key,
            hint="Whoever trusts the former key has to be told the new one by other means",
        )
        return None
    return sign(Handover(key.name, key, size, time_text(now)).text, [former, new])
