"""The sealed identity files of frames, opened for as long as a draw needs them.

What must not break: a file in clear lies in a workspace that goes when the work ends, or at the next start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from stickprov_kernel.sealing.sealed_files import open_file
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.adapters.sql.vault import about_identity_file
from stickprov_sampler.adapters.workspace import workspace


@dataclass(frozen=True, slots=True)
class IdentityFile:
    """A frame's sealed identities, and the key that opens them."""

    frame: UUID
    path: Path
    key: WrappedKey


@dataclass(frozen=True, slots=True)
class IdentityFiles:
    """Finds and opens identity files.

    Attributes:
        folder: the vault folder.
    """

    pool: asyncpg.Pool
    sealing: Sealing
    folder: Path

    async def of(self, frame: UUID) -> IdentityFile | None:
        """Return a frame's identity file; None when its key has been erased. The file may be gone."""
        row = await self.pool.fetchrow(SQL["frame_key"], frame)
        if row is None:
            return None
        return IdentityFile(frame, self.folder / row["file"], WrappedKey(row["master"], row["wrapped_key"]))

    @contextmanager
    def opened(self, file: IdentityFile) -> Iterator[Path]:
        """Write a file in clear for as long as the block runs. Blocks.

        Raises:
            MasterKeyMissingError, SealBrokenError, FileNotFoundError: it cannot be opened.
        """
        with workspace(self.folder) as work:
            clear = work / "identity.parquet"
            open_file(self.sealing, file.path, file.key, clear, about_identity_file(file.frame))
            yield clear
