"""Making a backup while the services work.

What must not break: what was acknowledged before a backup began is in it; every file that its databases name is in it,
too; and nobody reads it without keys that are not in it.

The order sees to that. A file of a frame is complete before the commit that names it, and goes after the commit that
takes its name away; it never changes. So files are copied first, then the servers, then the files that came meanwhile:
whatever the databases name at the moment they are copied as of was there before or came meanwhile. One that came and
went again within the backup would be missed; the log tells whether any went, and then all of it is done again. A file
too many is one whose key the databases have erased: nobody opens it, and the next start of the service takes it away.
"""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from stickprov_backup import manifest, postgres_tools, reading
from stickprov_backup.errors import BackupError, BackupRefusedError
from stickprov_backup.manifest import (
    POSTGRES_MANIFEST,
    WAL,
    File,
    LogInBackup,
    Manifest,
    Server,
    files_under,
    sha256_of,
)
from stickprov_backup.places import Places
from stickprov_backup.reading import Standing
from stickprov_contracts.topics import SOURCES

UNFINISHED: Final = ".unfinished"
_WORK: Final = ".work"
_ATTEMPTS: Final = 3

Tell = Callable[[str], None]


def make(places: Places, to: Path, tell: Tell) -> Path:
    """Make a backup in a new folder under ``to`` and return that folder. It has its name only when it is complete.

    Raises:
        BackupRefusedError: ``to`` lies among what is backed up.
        BackupError: it did not work; nothing of it is left.
    """
    to = to.absolute()
    _refuse_inside(places, to)
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    began = datetime.now(UTC)
    name = f"{began:%Y-%m-%dT%H-%M-%SZ}"
    backup, growing = to / name, to / f"{name}{UNFINISHED}"
    if backup.exists() or growing.exists():
        raise BackupRefusedError(f"{backup} is there already; try again in a second.")
    try:
        before, servers, after = _undisturbed(places, growing, name, tell)
        manifest.write(growing, _manifest(places, growing, name, began, servers, before, after))
        _to_disk(growing)
        growing.rename(backup)
        _flush(to)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    return backup


def _undisturbed(places: Places, backup: Path, name: str, tell: Tell) -> tuple[Standing, list[Server], Standing]:
    """Copy all of it while no file is removed, and return how far the services were before and afterwards."""
    for _ in range(_ATTEMPTS):
        backup.mkdir(mode=0o700)
        before = asyncio.run(reading.standing(places))
        servers = _copy(places, backup, name, tell)
        after = asyncio.run(reading.standing(places))
        if after.removals == before.removals:
            return before, servers, after
        tell("An erasure went on meanwhile; once more.")
        shutil.rmtree(backup)
    raise BackupError(f"Erasures went on during each of {_ATTEMPTS} attempts; wait until they end, and try again.")


def _copy(places: Places, backup: Path, name: str, tell: Tell) -> list[Server]:
    copied = _copy_files(places, backup)
    tell(f"{copied} files of frames and of the vault")
    servers = []
    for number, url in enumerate(places.servers, start=1):
        folder = f"server-{number}"
        postgres_tools.base_backup(url, backup / folder, f"stickprov {name}")
        tell(f"PostgreSQL server {number} of {len(places.servers)}")
        servers.append(_server(backup, folder))
    late = _copy_files(places, backup)
    if late:
        tell(f"{late} files that came meanwhile")
    (backup / "checkpoints").mkdir(mode=0o700)
    for source, note in asyncio.run(reading.checkpoints(places)).items():
        (backup / "checkpoints" / f"{source}.note").write_bytes(note)
    return servers


def _copy_files(places: Places, backup: Path) -> int:
    """Copy what is not in the backup yet, and return how many files that was."""
    copied = 0
    for name, folder in places.folders.items():
        (backup / name).mkdir(mode=0o700, exist_ok=True)
        for path in files_under(folder):
            within = path.relative_to(folder)
            copy = backup / name / within
            # Work in progress may be a register in clear.
            if within.parts[0] == _WORK or copy.exists():
                continue
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # It may have been erased this moment.
            with suppress(FileNotFoundError):
                shutil.copyfile(path, copy)
                copy.chmod(0o600)
                copied += 1
    return copied


def _server(backup: Path, folder: str) -> Server:
    copied = backup / folder
    return Server(
        folder=folder,
        version=(copied / "PG_VERSION").read_text(encoding="ascii").strip(),
        manifest_sha256=sha256_of(copied / POSTGRES_MANIFEST),
        size=sum(path.stat().st_size for path in files_under(copied)),
    )


def _manifest(
    places: Places,
    backup: Path,
    name: str,
    began: datetime,
    servers: list[Server],
    before: Standing,
    after: Standing,
) -> Manifest:
    # PostgreSQL's own manifest leaves out the WAL, of which only what is needed is read when it is verified.
    parts = (*places.folders, "checkpoints", *(f"{server.folder}/{WAL}" for server in servers))
    ours = [path for part in parts for path in files_under(backup / part)]
    return Manifest(
        name=name,
        release=version("stickprov"),
        of=places.of,
        began=began,
        ended=datetime.now(UTC),
        servers=servers,
        logs={source: LogInBackup(began=before.heads[source], ended=after.heads[source]) for source in SOURCES},
        migrations=asyncio.run(reading.migrations(places)),
        master_keys=places.master_ids(),
        staff_key=places.staff_key_shown(),
        files=[
            File(path=path.relative_to(backup).as_posix(), size=path.stat().st_size, sha256=sha256_of(path))
            for path in ours
        ],
    )


def _refuse_inside(places: Places, to: Path) -> None:
    for folder in (*places.folders.values(), *places.around):
        if to.resolve().is_relative_to(folder.absolute().resolve()):
            raise BackupRefusedError(f"{to} lies in {folder}, which is backed up; choose a folder on another disk.")


def _to_disk(folder: Path) -> None:
    """Wait until all of it is on the disk. PostgreSQL's program has done so with what it wrote."""
    for path in files_under(folder):
        if not path.relative_to(folder).parts[0].startswith("server-"):
            _flush(path)
    _flush(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
