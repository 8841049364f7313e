"""Whether a backup is what it was when it was made."""

from pathlib import Path

from stickprov_backup import manifest, postgres_tools
from stickprov_backup.errors import BackupError
from stickprov_backup.making import UNFINISHED
from stickprov_backup.manifest import POSTGRES_MANIFEST, WAL, Manifest, files_under, sha256_of


def check(backup: Path) -> Manifest:
    """Read every byte of a backup and compare it with its manifests; return ours.

    Raises:
        BackupError: it is not finished, or a file was changed, lost or added; the file is named.
    """
    if backup.name.endswith(UNFINISHED):
        raise BackupError(f"{backup} was never finished; remove it, and use another backup.")
    found = manifest.read(backup)
    _check_files(backup, found)
    for server in found.servers:
        folder = backup / server.folder
        if not (folder / POSTGRES_MANIFEST).is_file():
            raise BackupError(f"{folder / POSTGRES_MANIFEST} is missing; use another backup.")
        if sha256_of(folder / POSTGRES_MANIFEST) != server.manifest_sha256:
            raise _changed(folder / POSTGRES_MANIFEST)
        postgres_tools.verify(folder)
    return found


def _check_files(backup: Path, found: Manifest) -> None:
    for file in found.files:
        path = backup / file.path
        if not path.is_file():
            raise BackupError(f"{path} is missing; use another backup.")
        if path.stat().st_size != file.size or sha256_of(path) != file.sha256:
            raise _changed(path)
    known = {file.path for file in found.files}
    servers = {server.folder for server in found.servers}
    # What is too many in a server's folder its own manifest tells, but for the WAL, which would be played.
    parts = [path for path in backup.iterdir() if path.is_dir() and path.name not in servers]
    parts += [backup / server / WAL for server in servers]
    for part in sorted(parts):
        for path in files_under(part):
            if path.relative_to(backup).as_posix() not in known:
                raise BackupError(
                    f"{path} was not in the backup when it was made; take it away, or use another backup."
                )


def _changed(path: Path) -> BackupError:
    return BackupError(f"{path} is not what it was when the backup was made; use another backup.")
