"""Writing a bundle: one zip archive that lists its contents and ends with the SHA-256 of every byte before it.

What must not break: the digest is the last 64 bytes of the file; every content but ``manifest.json`` is in the manifest
with its own hash; nothing lies under the bundle's name before it is complete.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, Self

from stickprov_client.bundle.verifying.archive import COMMENT_START, DIGEST_SIGNS, FORMAT, MANIFEST

_CHUNK: Final = 1 << 20
_COMMENT: Final = COMMENT_START + b"SHA-256 of every byte before it: "
_FIRST_YEAR: Final = 1980
"""Of the times that an archive can tell."""


class Content:
    """A content that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Add some bytes."""
        self._file.write(chunk)
        self.digest.update(chunk)
        self.size += len(chunk)


class BundleWriter:
    """Writes the contents of a bundle one after another; what is given up is closed before its file is.

    Args:
        file: where to; it can be read again.
        made: when.
    """

    def __init__(self, file: IO[bytes], made: datetime) -> None:
        self._file = file
        self._made = made
        self._archive = zipfile.ZipFile(file, "w", allowZip64=True)
        self._entries: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # why it was given up is told already
            self._archive.close()

    @contextmanager
    def content(self, name: str, what: str, *, packed: bool = True) -> Iterator[Content]:
        """Open the next content.

        Args:
            name: of it.
            what: what it is, for people.
            packed: whether packing it is worth the time.
        """
        with self._archive.open(self._info(name, packed=packed), "w", force_zip64=True) as file:
            content = Content(file)
            yield content
        self._entries.append({"name": name, "size": content.size, "sha256": content.digest.hexdigest(), "what": what})

    def add(self, name: str, what: str, content: bytes) -> None:
        """Add a small content as a whole."""
        with self.content(name, what) as file:
            file.write(content)

    def finish(self, manifest: Mapping[str, Any]) -> str:
        """Add the manifest, close the archive, and return the digest that it ends with."""
        told = {
            "format": FORMAT,
            "made": self._made.isoformat(),
            **manifest,
            "entries": self._entries,
        }
        text = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
        with self._archive.open(self._info(MANIFEST, packed=True), "w") as file:
            file.write(text)
        self._archive.comment = _COMMENT + b"0" * DIGEST_SIGNS
        self._archive.close()
        return seal(self._file)

    def _info(self, name: str, *, packed: bool) -> zipfile.ZipInfo:
        time = self._made.timetuple()[:6]
        info = zipfile.ZipInfo(name, time if time[0] >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        return info


def seal(file: IO[bytes]) -> str:
    """Write the digest of all bytes before it over the end of an archive, and return it."""
    left = file.seek(0, os.SEEK_END) - DIGEST_SIGNS
    file.seek(0)
    digest = sha256()
    while left and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    file.seek(-DIGEST_SIGNS, os.SEEK_END)
    file.write(digest.hexdigest().encode())
    return digest.hexdigest()


class Occupied(Exception):  # noqa: N818 - says the situation
    """There is a file of that name already."""


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """Give a file that gets its name when the block ends well, and goes otherwise.

    Args:
        target: its name.
        force: whether it may take the place of another file.

    Raises:
        Occupied: there is one, at the start or by the end.
    """
    if target.exists() and not force:
        raise Occupied(str(target))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        _give_name(part, target, force=force)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _give_name(part: Path, target: Path, *, force: bool) -> None:
    if force:
        part.replace(target)
        return
    try:
        os.link(part, target)
    except FileExistsError:
        raise Occupied(str(target)) from None
    except OSError:  # a file system without links
        part.rename(target)
