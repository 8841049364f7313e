"""The frame files and the identity files on disk.

What must not break: a file under its final name is complete, on disk, and never written again. A frame file is found by
its own SHA-256. An identity file lies in the vault folder, which nobody but the service may enter; its contents
are not encrypted yet (that comes with erasure, when each case gets a key of its own).
"""

import os
from hashlib import file_digest
from pathlib import Path
from uuid import UUID


def frame_path(folder: Path, frame_hash: str) -> Path:
    """Return where the frame file with this hash lies."""
    return folder / frame_hash[:2] / f"{frame_hash[2:]}.parquet"


def identity_path(vault: Path, frame: UUID, frame_hash: str) -> Path:
    """Return where a frame's identities lie. The hash keeps a freeze that lost a race off the winner's file."""
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
