"""Register files between their dry run and their freezing.

What must not break: a register names people, so nothing of it outlives the process or is reachable by name. A file has
no name on the disk, is its sender's alone, and is let go when it is used, replaced or too old.
"""

import io
import os
import shutil
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from starlette.datastructures import UploadFile

from stickprov_client.web.sessions import new_session_id

KEPT_SECONDS: Final = 3600
MOST: Final = 16
"""Files at once; the oldest gives way."""
MOST_OF_ONE: Final = 4
"""Of one visit, such as a register and its subunits and what takes their place; nobody throws out what others sent."""


@dataclass(frozen=True)
class HeldFile:
    """A file without a name on the disk.

    Attributes:
        name: as its sender calls it. size: in bytes. visit: whose it is. since: seconds of the clock.
    """

    name: str
    size: int
    visit: str
    since: float
    held: BinaryIO

    def open(self) -> BinaryIO:
        """Read it from its start; readers do not disturb each other."""
        return cast("BinaryIO", io.BufferedReader(_Reader(self.held.fileno())))


class HeldFiles:
    """The held files of one process.

    Args:
        clock: seconds that never go backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_id: OrderedDict[str, HeldFile] = OrderedDict()

    def hold(self, visit: str, upload: UploadFile) -> str:
        """Keep what was sent and return the id to find it by. Copies; call it in a thread."""
        self._let_old_go()
        theirs = [file_id for file_id, held in self._by_id.items() if held.visit == visit]
        for file_id in theirs[: max(0, len(theirs) - MOST_OF_ONE + 1)]:
            self.let_go(file_id)
        while len(self._by_id) >= MOST:
            self.let_go(next(iter(self._by_id)))
        kept = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed when it is let go
        upload.file.seek(0)
        shutil.copyfileobj(upload.file, kept)
        kept.flush()
        file_id = new_session_id()
        name = upload.filename or "register"
        self._by_id[file_id] = HeldFile(name, kept.tell(), visit, self._clock(), kept)
        return file_id

    def find(self, visit: str | None, file_id: str) -> HeldFile | None:
        """Return a file that this visit sent; None when it is gone or somebody else's."""
        self._let_old_go()
        found = self._by_id.get(file_id)
        return found if found is not None and found.visit == visit else None

    def let_go(self, file_id: str) -> None:
        """Forget a file; its room on the disk is free at once."""
        found = self._by_id.pop(file_id, None)
        if found is not None:
            found.held.close()

    def let_all_go(self, visit: str | None = None) -> None:
        """Forget a visit's files, or everybody's."""
        for file_id, found in list(self._by_id.items()):
            if visit is None or found.visit == visit:
                self.let_go(file_id)

    def _let_old_go(self) -> None:
        oldest = self._clock() - KEPT_SECONDS
        for file_id, found in list(self._by_id.items()):
            if found.since < oldest:
                self.let_go(file_id)


class _Reader(io.RawIOBase):
    """Reads an open file at a place of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        read = os.preadv(self._descriptor, [buffer], self._at)
        self._at += read
        return read

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
