"""Putting a backup where services can be started on it.

What must not break: nothing is written over; a backup that is not what it was is not restored; a restoration that was
interrupted is not mistaken for a whole one.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stickprov_backup import keys
from stickprov_backup.checking import check
from stickprov_backup.errors import BackupRefusedError
from stickprov_backup.manifest import Manifest
from stickprov_local.folders import DataFolder
from stickprov_local.postgres import unprivileged_user

_GROWING: Final = ".restoring"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Targets:
    """Where each part of a backup goes.

    Attributes:
        servers: a data folder for each PostgreSQL server of the backup, in its order.
        folders: for ``frames`` and ``vault``.
        owner: ids of the user and group that PostgreSQL runs as; whoever restores, when left out.
    """

    servers: list[Path]
    folders: dict[str, Path]
    owner: tuple[int, int] | None = None


def restore_local(backup: Path, data: Path, key_folder: Path | None, tell: Tell) -> Manifest:
    """Restore a backup as a local stack's data folder.

    Raises:
        BackupRefusedError: the folder is not empty, or the keys are not those of the backup.
        BackupError: the backup is not what it was; the file is named.
    """
    data = data.absolute()
    _refuse_what_is_there(data)
    found = _checked(backup, key_folder, tell)
    _refuse_other_count(found, 1)
    growing = data.with_name(f"{data.name}{_GROWING}")
    if growing.exists():
        raise BackupRefusedError(f"{growing} is left of a restoration that was interrupted; remove it.")
    folder = DataFolder(growing)
    growing.mkdir(mode=0o700, parents=True)
    try:
        folder.postgres.mkdir(mode=0o700)
        targets = Targets(
            [folder.postgres / "data"], {"frames": folder.frames, "vault": folder.vault}, unprivileged_user()
        )
        _copy(backup, found, targets)
        if key_folder is not None:
            keys.put_back(key_folder, folder.keys)
        if data.exists():
            data.rmdir()
        growing.rename(data)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    return found


def restore_parts(backup: Path, targets: Targets, tell: Tell) -> Manifest:
    """Restore a backup's parts, each into an empty folder. Keys are for whoever runs the services.

    Raises:
        BackupRefusedError: a folder is not empty, or there are more or fewer servers than folders.
        BackupError: the backup is not what it was; the file is named.
    """
    for place in (*targets.servers, *targets.folders.values()):
        _refuse_what_is_there(place)
    found = _checked(backup, None, tell)
    _refuse_other_count(found, len(targets.servers))
    _copy(backup, found, targets)
    return found


def _checked(backup: Path, key_folder: Path | None, tell: Tell) -> Manifest:
    found = check(backup)
    tell(f"Checked: every file of {found.name} is what it was.")
    if key_folder is not None:
        keys.check(key_folder, found)
    return found


def _copy(backup: Path, found: Manifest, targets: Targets) -> None:
    for server, place in zip(found.servers, targets.servers, strict=True):
        shutil.copytree(backup / server.folder, place, dirs_exist_ok=True)
        place.chmod(0o700)
        if targets.owner is not None:
            for path in (place, *place.rglob("*")):
                os.chown(path, *targets.owner, follow_symlinks=False)
    for name, place in targets.folders.items():
        shutil.copytree(backup / name, place, dirs_exist_ok=True)
        place.chmod(0o700)
    # Nothing is started on what may be lost with the power.
    os.sync()


def _refuse_what_is_there(place: Path) -> None:
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BackupRefusedError(f"{place} is not empty, and nothing is written over; name an empty or a new folder.")


def _refuse_other_count(found: Manifest, count: int) -> None:
    if len(found.servers) != count:
        raise BackupRefusedError(
            f"The backup holds {len(found.servers)} PostgreSQL servers, and folders for {count} were named; "
            "give --postgres once for each."
        )
