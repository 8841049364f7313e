"""What a backup says of itself: ``manifest.json``, and beside it the hash of that file in the form of ``sha256sum``.

What must not break: a backup whose manifest or files were changed, lost or added to is refused, and the file is named.
PostgreSQL's own files have PostgreSQL's own manifest; ours holds the hash of that one.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stickprov_backup.errors import BackupError
from stickprov_contracts.topics import Source

MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.json.sha256"
POSTGRES_MANIFEST: Final = "backup_manifest"
WAL: Final = "pg_wal"

NOT_IN_IT: Final = (
    "keys (master, checkpoint, staff, issuer): they open what is sealed and have a backup of their own",
    "Kafka: its topics are filled again from the logs",
    "tokens, logs of processes, and registers that were being read",
    "what was acknowledged after the backup began, as far as it came too late",
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Head(_Part):
    """The end of a log: its last position, the chain hash there, and the root of the tree over all of it."""

    position: int
    chain_hash: str
    root: str


class LogInBackup(_Part):
    """How far a log got. The backup has all of it up to ``began``, and perhaps more, at most up to ``ended``."""

    began: Head
    ended: Head


class Server(_Part):
    """One PostgreSQL server: its folder in the backup, its version, and the hash of the manifest that it made."""

    folder: str
    version: str
    manifest_sha256: str
    size: int


class File(_Part):
    """A file that PostgreSQL's own manifest does not have, by its path in the backup."""

    path: str
    size: int
    sha256: str


class Manifest(_Part):
    """All that a backup says of itself.

    Attributes:
        release: of Stickprov, that made it. of: a local stack, or services by their settings.
        migrations: by service and component, the number of the last step that had run.
        master_keys: by service, the ids of the keys that its rows may be under; the keys themselves lie elsewhere.
        staff_key: the first digits of the staff key's hash, to tell whether a backup of keys is the right one.
    """

    format: Literal[1] = 1
    name: str
    release: str
    of: Literal["local", "services"]
    began: datetime
    ended: datetime
    servers: list[Server]
    logs: dict[Source, LogInBackup]
    migrations: dict[str, dict[str, int]]
    master_keys: dict[Source, list[str]]
    staff_key: str
    files: list[File]
    not_in_it: list[str] = list(NOT_IN_IT)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        servers = tuple(f"{server.folder}/" for server in self.servers)
        ours = sum(file.size for file in self.files if not file.path.startswith(servers))
        return ours + sum(server.size for server in self.servers)


def write(backup: Path, manifest: Manifest) -> None:
    """Write a backup's manifest, and its hash."""
    content = manifest.model_dump_json(indent=2).encode() + b"\n"
    (backup / MANIFEST).write_bytes(content)
    (backup / SEAL).write_text(f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n", encoding="ascii")


def read(backup: Path) -> Manifest:
    """Return a backup's manifest.

    Raises:
        BackupError: there is none, or it is not what it was.
    """
    try:
        content = (backup / MANIFEST).read_bytes()
        sealed = (backup / SEAL).read_text(encoding="ascii").split()
    except OSError as error:
        raise BackupError(f"{error.filename} cannot be read ({error.strerror}): this is no finished backup.") from None
    if sealed[:1] != [hashlib.sha256(content).hexdigest()]:
        raise BackupError(f"{backup / MANIFEST} is not what it was when the backup was made; use another backup.")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise BackupError(f"{backup / MANIFEST} is of a release that this one cannot read; use that release.") from None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_under(folder: Path) -> Iterator[Path]:
    """Give every file under a folder, in the order of their paths, as far as they are still there."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
