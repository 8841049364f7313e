"""Folders for work in progress, which may hold a register in clear text.

What must not break: a folder goes when its work ends, and what a killed process left goes at the next start. A lock
that the operating system lifts with the process tells the two apart, so several processes may share a root.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

_ROOT = ".work"
_LOCK = ".lock"


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """Make a new folder under ``folder``, readable by us only, and remove it afterwards."""
    work = folder / _ROOT / str(uuid4())
    work.mkdir(mode=0o700, parents=True)
    with (work / _LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def sweep(folder: Path) -> int:
    """Remove the workspaces under ``folder`` whose process is gone; return how many."""
    swept = 0
    for lock_file in (folder / _ROOT).glob(f"*/{_LOCK}"):
        with lock_file.open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(lock_file.parent, ignore_errors=True)
            swept += 1
    return swept
