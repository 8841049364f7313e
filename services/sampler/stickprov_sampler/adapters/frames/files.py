"""The frame files and the identity files on disk.

What must not break: a file under its final name is complete, on disk, and never written again. A frame file is found by
its own SHA-256. An identity file lies sealed in the vault folder, which nobody but the service may enter; the vault's
table of frame keys has its name and its key.
"""

import os
import secrets
from hashlib import file_digest
from pathlib import Path
from uuid import UUID


def frame_path(folder: Path, frame_hash: str) -> Path:
    """Return where the frame file with this hash lies."""
    return folder / frame_hash[:2] / f"{frame_hash[2:]}.parquet"


def new_identity_path(vault: Path, frame: UUID) -> Path:
    """Return where to put a frame's sealed identities. Each attempt at a freeze has a file of its own."""
    return vault / f"{frame}.{secrets.token_hex(8)}.sealed"


def clear_identity_path(vault: Path, frame: UUID, frame_hash: str) -> Path:
    """Return where an older release put a frame's identities, in clear."""
    return vault / f"{frame}.{frame_hash[:16]}.parquet"


def hash_of(path: Path) -> str | None:
    """Return a file's SHA-256 in hex, None when there is no file."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def settle(part: Path, final: Path, mode: int) -> None:
    """Give a finished file its final name and mode, durably. Both names lie in the same file system."""
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part.chmod(mode)
    _sync(part)
    part.rename(final)
    _sync(final.parent)
    _sync(final.parent.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
