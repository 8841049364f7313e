"""The keys, which lie apart from what they open.

What must not break: keys never lie in a backup's folder or beside backups; nobody but their owner reads a copy of them.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from stickprov_backup.errors import BackupRefusedError
from stickprov_backup.manifest import Manifest
from stickprov_backup.places import Places, master_ids, staff_key_shown
from stickprov_contracts.topics import SOURCES

STAFF_KEY: Final = "staff.key"


def refuse_beside(keys: Path, backups: Path) -> None:
    """Refuse a folder for keys that lies among the backups, or that has something in it.

    Raises:
        BackupRefusedError: it does.
    """
    place, others = keys.absolute().resolve(), backups.absolute().resolve()
    if place.is_relative_to(others) or others.is_relative_to(place):
        raise BackupRefusedError(
            f"--with-keys: {keys} and {backups} lie in each other. Who finds one must not find the other: "
            "choose a folder apart, on another medium."
        )
    if keys.exists() and (not keys.is_dir() or any(keys.iterdir())):
        raise BackupRefusedError(f"--with-keys: {keys} is not empty; name a folder that is empty or not there.")


def save(places: Places, keys: Path) -> int:
    """Copy all keys into a folder of their own, for its owner alone; return how many."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.chmod(0o700)
    contents = {name: path.read_bytes() for name, path in places.keys.items()}
    contents |= {name: text.encode() for name, text in places.key_texts.items()}
    for name, content in contents.items():
        handle = os.open(keys / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return len(contents)


def check(keys: Path, manifest: Manifest) -> None:
    """Refuse keys that do not open a backup.

    Raises:
        BackupRefusedError: one is missing, or the staff key is another.
    """
    try:
        staff = (keys / STAFF_KEY).read_text(encoding="ascii")
        theirs = {
            source: master_ids((keys / f"master-{source}.keys").read_text(encoding="ascii")) for source in SOURCES
        }
    except OSError as error:
        raise BackupRefusedError(f"--keys: {error.filename} cannot be read ({error.strerror}).") from None
    if staff_key_shown(staff) != manifest.staff_key:
        raise BackupRefusedError(f"--keys: {keys / STAFF_KEY} is not the staff key of this backup; look for its own.")
    for source, needed in manifest.master_keys.items():
        missing = [one for one in needed if one not in theirs[source]]
        if missing:
            raise BackupRefusedError(
                f"--keys: {keys / f'master-{source}.keys'} lacks the master keys {', '.join(missing)}, which open this "
                "backup; put their lines back (docs/runbook/master-keys.md)."
            )


def put_back(keys: Path, to: Path) -> None:
    """Copy a folder of keys to where a local stack looks for them."""
    to.mkdir(mode=0o700)
    for path in sorted(keys.iterdir()):
        shutil.copyfile(path, to / path.name)
        (to / path.name).chmod(0o600)
