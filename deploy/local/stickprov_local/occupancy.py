"""One stack per data folder.

The lock is an open file that every process of the stack keeps open, so it is free only when the last of them has ended,
also when the launcher was killed and its children still write.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from stickprov_local.errors import StackRefusedError
from stickprov_local.folders import DataFolder

_PATIENCE_SECONDS: Final = 20.0
_PAUSE_SECONDS: Final = 0.1


@contextmanager
def occupied(folder: DataFolder, url: str) -> Iterator[int]:
    """Hold the data folder for the stack at ``url``, and give the descriptor that its children must keep open.

    Raises:
        StackRefusedError: another stack runs on it.
    """
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _locked(descriptor):
            _refuse_if_running(folder)
            if time.monotonic() > deadline:
                raise StackRefusedError(
                    f"processes of an earlier stack still use {folder.root}; `fuser {folder.lock}` names them"
                )
            time.sleep(_PAUSE_SECONDS)
        _sign(descriptor, url)
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int, url: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)


def _refuse_if_running(folder: DataFolder) -> None:
    try:
        running = json.loads(folder.lock.read_text() or "null")
        os.kill(running["pid"], 0)
    except (OSError, ValueError, TypeError, KeyError):
        return
    raise StackRefusedError(
        f"a stack already runs on {folder.root} (process {running['pid']}, {running['url']}); "
        "stop it, or choose another folder with --data"
    )
