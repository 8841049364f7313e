"""The identity files of frames that were erased.

What must not break: a file goes only after the commit that erased its key; without the key nobody reads it, so that a
crash in between leaves nothing but rubbish, which the next start takes away.
"""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID


def remove_identity_files(vault_folder: Path, frames: Iterable[UUID]) -> int:
    """Remove whatever identity files there are of some frames, and return how many there were. Blocks."""
    removed = 0
    for frame in frames:
        for file in vault_folder.glob(f"{frame}.*"):
            file.unlink(missing_ok=True)
            removed += 1
    return removed
