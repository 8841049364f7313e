"""The backups of a folder, newest first."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stickprov_backup import manifest
from stickprov_backup.errors import BackupError, BackupRefusedError
from stickprov_backup.making import UNFINISHED
from stickprov_backup.manifest import MANIFEST, Manifest


def backups(folder: Path) -> tuple[list[Manifest], list[str]]:
    """Return the backups whose manifests can be read, newest first, and why others cannot. Reads no other file.

    Raises:
        BackupRefusedError: there is no such folder.
    """
    if not folder.is_dir():
        raise BackupRefusedError(f"{folder} is no folder; name the one that backups are made in.")
    found, faults = [], []
    for path in sorted(folder.iterdir(), reverse=True):
        if path.name.endswith(UNFINISHED):
            faults.append(f"{path} was never finished; if no backup is being made, remove it.")
        elif (path / MANIFEST).exists():
            try:
                found.append(manifest.read(path))
            except BackupError as error:
                faults.append(str(error))
    return found, faults


def forget_older(folder: Path, days: int, now: datetime) -> list[str]:
    """Remove the backups that began more than so many days ago, and return their names; the newest always stays."""
    gone = []
    for old in backups(folder)[0][1:]:
        if now.astimezone(UTC) - old.began > timedelta(days=days):
            shutil.rmtree(folder / old.name)
            gone.append(old.name)
    return gone
