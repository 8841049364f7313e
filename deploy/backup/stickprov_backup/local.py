"""A local stack as something to back up: what runs is asked where it is, what rests gets its PostgreSQL for a while.

What must not break: a stack that rests is not started by anybody else meanwhile, and rests again afterwards.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from stickprov_backup.errors import BackupError, BackupRefusedError
from stickprov_backup.places import SERVICES, Places
from stickprov_contracts.topics import SOURCES
from stickprov_local import processes
from stickprov_local.folders import DataFolder
from stickprov_local.occupancy import occupied
from stickprov_local.postgres import Postgres

_START_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.05


@contextmanager
def local_places(data: Path) -> Iterator[Places]:
    """Give where a local stack's things lie, while its PostgreSQL runs.

    Raises:
        BackupRefusedError: there is no stack in the folder.
    """
    folder = DataFolder(data.absolute())
    if not (folder.postgres / "data").is_dir():
        raise BackupRefusedError(f"{data} holds no stack's data; name the folder of one with --data.")
    postgres = Postgres(folder.postgres, folder.log("postgres"))
    if _runs(folder):
        yield _places(folder, postgres)
        return
    folder.make()
    with occupied(folder, "a backup is made") as lock, _started(postgres, lock):
        yield _places(folder, postgres)


def _runs(folder: DataFolder) -> bool:
    try:
        os.kill(json.loads(folder.stack_file.read_bytes())["pid"], 0)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


@contextmanager
def _started(postgres: Postgres, lock: int) -> Iterator[None]:
    postgres.prepare()
    program = postgres.program((lock,))
    child = processes.spawn(program)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not postgres.is_ready(child.pid):
            if child.poll() is not None or time.monotonic() > deadline:
                raise BackupError(f"PostgreSQL did not start:\n{processes.last_lines(program.log)}")
            time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        processes.stop(child, program.stop_signal, patience=_START_SECONDS)


def _places(folder: DataFolder, postgres: Postgres) -> Places:
    return Places(
        of="local",
        servers=[postgres.url()],
        databases={service: postgres.url(database=f"stickprov_{service}") for service in SERVICES},
        folders={"frames": folder.frames, "vault": folder.vault},
        around=[folder.root],
        staff_key=(folder.keys / "staff.key").read_text(encoding="ascii"),
        keys={path.name: path for path in sorted(folder.keys.iterdir()) if path.is_file()},
        master={service: folder.keys / f"master-{service}.keys" for service in SOURCES},
    )
