"""A multipart body that is the same bytes every time it is sent.

What must not break: a service compares the hash of a repeated command's body with the first one, so the boundary
follows from the content and never from chance.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from stickprov_contracts.http.progress import FrameStage

_PIECE: Final = 256 * 1024


class Content(Protocol):
    """Bytes that are no file with a name on the disk; each ``open`` reads them from the start, on its own."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    def open(self) -> BinaryIO: ...


@dataclass(frozen=True)
class Upload:
    """A register file with its reading options.

    Attributes:
        file: part ``file``; read anew each time the call is made.
        options: part ``options``, JSON text.
        progress: told the number of bytes sent after every piece.
        subunits: part ``subunits_file``, where the subunits have a file of their own.
        told: told what the service is doing with the file, stage by stage.
    """

    file: Path | Content
    options: str
    progress: Callable[[int], None] | None = None
    subunits: Path | Content | None = None
    told: Callable[[FrameStage], None] | None = None

    @property
    def content_type(self) -> str:
        """The header's value, with the boundary."""
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def length(self) -> int:
        """Bytes of the whole body."""
        return len(self._head) + self._size + self._more + len(self._tail)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give the body from its start."""
        yield self._head
        with await asyncio.to_thread(_open, self.file) as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
                if self.progress:
                    self.progress(file.tell())
        if self.subunits is not None:
            yield self._between
            with await asyncio.to_thread(_open, self.subunits) as file:
                while piece := await asyncio.to_thread(file.read, _PIECE):
                    yield piece
        yield self._tail

    @property
    def _size(self) -> int:
        return _size_of(self.file)

    @property
    def _more(self) -> int:
        return 0 if self.subunits is None else len(self._between) + _size_of(self.subunits)

    @property
    def _between(self) -> bytes:
        lines = (
            f"\r\n--{self._boundary}",
            'Content-Disposition: form-data; name="subunits_file"; filename="subunits"',
            "Content-Type: application/octet-stream",
            "",
            "",
        )
        return "\r\n".join(lines).encode()

    @property
    def _boundary(self) -> str:
        seen = f"{self.file.name}|{self._size}|{self.options}"
        return f"stickprov-{hashlib.sha256(seen.encode()).hexdigest()[:32]}"

    @property
    def _head(self) -> bytes:
        name = self.file.name.replace("\\", "_").replace('"', "%22").replace("\r", "_").replace("\n", "_")
        lines = (
            f"--{self._boundary}",
            'Content-Disposition: form-data; name="options"',
            "Content-Type: application/json",
            "",
            self.options,
            f"--{self._boundary}",
            f'Content-Disposition: form-data; name="file"; filename="{name}"',
            "Content-Type: application/octet-stream",
            "",
            "",
        )
        return "\r\n".join(lines).encode()

    @property
    def _tail(self) -> bytes:
        return f"\r\n--{self._boundary}--\r\n".encode()


def _size_of(file: Path | Content) -> int:
    return file.stat().st_size if isinstance(file, Path) else file.size


def _open(file: Path | Content) -> BinaryIO:
    return file.open("rb") if isinstance(file, Path) else file.open()
