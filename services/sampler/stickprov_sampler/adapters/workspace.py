"""Folders for work in progress, which may hold a register in clear text.

What must not break: a folder goes when its work ends, and what a killed process left goes at the next start. A lock
that the operating system lifts with the process tells the two apart, so several processes may share a root.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

_ROOT = ".work"
_LOCK = ".lock"


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """Make a new folder under ``folder``, readable by us only, and remove it afterwards."""
    with ExitStack() as stack:
        with _turn(folder):
            work = folder / _ROOT / str(uuid4())
            work.mkdir(mode=0o700)
            fcntl.flock(stack.enter_context((work / _LOCK).open("wb")), fcntl.LOCK_EX)
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        yield work


def sweep(folder: Path) -> int:
    """Remove the workspaces under ``folder`` whose process is gone; return how many."""
    swept = 0
    with _turn(folder):
        for lock_file in (folder / _ROOT).glob(f"*/{_LOCK}"):
            with lock_file.open("rb") as lock, suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_file.parent, ignore_errors=True)
                swept += 1
    return swept


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Let one process at a time make or sweep workspaces: a folder that is not locked yet is not left behind."""
    root = folder / _ROOT
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
