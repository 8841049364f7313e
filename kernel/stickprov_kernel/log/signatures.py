"""The signatures on a log's own checkpoints and handovers, verified against its own keys and tree."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.checkpoint_note import TreeHead, read_checkpoint, read_handover
from stickprov_kernel.log.checkpoints import SQL as KEPT
from stickprov_kernel.log.checkpoints import KeptKey
from stickprov_kernel.log.envelope import time_text
from stickprov_kernel.log.notes import NoteError, VerifierKey, read_key, read_note, signers
from stickprov_kernel.log.row_differences import Difference

SQL: Final = load_queries(__package__, "verification.sql")

_PAGE: Final = 500


async def verify_signatures(pool: asyncpg.Pool, until: int) -> tuple[int, Difference | None]:
    """Verify every key's handover and every checkpoint up to a size; the tree's rows are verified before.

    Returns:
        How many checkpoints are what the tree gives, signed by the key they name, and the first that is not.
    """
    keys, difference = _verified_keys([KeptKey(*row) for row in await pool.fetch(KEPT["keys"])])
    verified, after = 0, 0
    while difference is None:
        page = await pool.fetch(SQL["checkpoints"], after, until, _PAGE)
        for row in page:
            difference = _difference_of(row, keys)
            if difference is not None:
                break
            verified += 1
            after = row["size"]
        if len(page) < _PAGE:
            break
    return verified, difference


def _verified_keys(kept: Sequence[KeptKey]) -> tuple[dict[int, VerifierKey], Difference | None]:
    keys: dict[int, VerifierKey] = {}
    for number, key in enumerate(kept, start=1):
        try:
            keys[key.number] = read_key(key.verifier_key)
        except NoteError as error:
            return keys, Difference("checkpoint_key", number, "verifier_key", f"{error}.")
        if key.number != number:
            return keys, Difference("checkpoint_key", number, "", "There is no such row.")
        if key.handover is not None and not _names(key, keys[number], keys.get(number - 1)):
            return keys, Difference("checkpoint_key", number, "handover", "It is not what both keys signed.")
    return keys, None


def _names(kept: KeptKey, key: VerifierKey, former: VerifierKey | None) -> bool:
    """Return whether a handover is signed by both keys and says what its row says."""
    if former is None or kept.handover is None:
        return False
    try:
        note = read_note(kept.handover)
        handover = read_handover(note)
        both = len(signers(note, [former])) + len(signers(note, [key]))
    except NoteError:
        return False
    return both == 2 and (handover.key, handover.size, handover.time) == (key, kept.size, time_text(kept.adopted))  # noqa: PLR2004


def _difference_of(row: Any, keys: Mapping[int, VerifierKey]) -> Difference | None:  # noqa: ANN401
    size, key = row["size"], keys.get(row["key"])
    if row["computed"] is None:
        return Difference("tree", size, "", "There is no such row, and a checkpoint is of it.")
    if row["root"] != row["computed"]:
        return Difference("checkpoint", size, "root", "It is not the tree's.")
    try:
        note = read_note(row["note"])
        head = read_checkpoint(note)
        by = signers(note, keys.values())
    except NoteError as error:
        return Difference("checkpoint", size, "note", f"{error}.")
    if key is None or key not in by:
        return Difference("checkpoint", size, "key", "It is not the key that signed.")
    if head != TreeHead(key.name, size, row["root"]):
        return Difference("checkpoint", size, "note", "It is of another log, size or root.")
    return None
