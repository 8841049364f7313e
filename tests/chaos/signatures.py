"""Every checkpoint that was signed while everything broke: is it of the one history that there is?"""

from typing import Any

import asyncpg

from chaos.copies import Log
from chaos.world import World
from stickprov_client.bundle.verifying.notes import read_key, read_note, trusted_head, trusted_with
from stickprov_client.bundle.verifying.tree import roots_at


async def wrong_checkpoints(world: World, log: Log) -> tuple[int, list[str]]:
    """Return how many checkpoints a source made, and those whose root or signature does not hold.

    The trees are computed by the verifier that auditors have, from the leaves of the log as it is now.
    """
    connection = await asyncpg.connect(world.database_url(log.source))
    try:
        keys = await connection.fetch("SELECT verifier_key, handover FROM checkpoint_key ORDER BY number")
        checkpoints = await connection.fetch("SELECT size, note FROM checkpoint ORDER BY size")
    finally:
        await connection.close()
    if not checkpoints:
        return 0, []
    handovers = [read_note(handover) for _, handover in keys if handover is not None]
    trusted = trusted_with([read_key(keys[0]["verifier_key"])], handovers)
    roots = roots_at(log.leaves, [size for size, _ in checkpoints if size <= len(log.leaves)])
    return len(checkpoints), [
        f"{log.source}: the checkpoint of {size} events is of another history"
        for size, note in checkpoints
        if not _holds(note, trusted, size, roots)
    ]


def _holds(note: bytes, trusted: Any, size: int, roots: dict[int, bytes]) -> bool:
    head = trusted_head(read_note(note), trusted)
    return head.size == size and roots.get(size) == head.root
