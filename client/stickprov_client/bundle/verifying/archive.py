"""The bundle as a file: one zip archive whose comment ends with the SHA-256 of every byte before it.

What must not break: no content is used before the file's digest and the content's own, in the manifest, have held.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, Self

from stickprov_client.bundle.verifying.told import Different, Report, Said, Sentence

FORMAT: Final = "stickprov-bundle/1"
MANIFEST: Final = "manifest.json"
DIGEST_SIGNS: Final = 64
"""Hex digits at the end of the archive's comment, which is the end of the file."""

COMMENT_START: Final = b"Stickprov. "
"""What a bundle's comment begins with."""

_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 26
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What Python's own reading of an altered archive may raise."""

NO_BUNDLE: Final = Sentence("The file is no bundle: %(why)s.", "Filen är inget revisionspaket: %(why)s.")
TOO_SHORT: Final = Sentence("it is too short", "den är för kort")
NO_ARCHIVE: Final = Sentence("it is no zip archive", "den är inget zip-arkiv")
ANOTHER_ARCHIVE: Final = Sentence("it is a zip archive of something else", "den är ett zip-arkiv med något annat i")
ALTERED_IN: Final = Sentence(
    "The file is not as it was made: its digest does not hold, and what was altered is %(entry)s.",
    "Filen är inte som den gjordes: dess kontrollsumma stämmer inte, och det som är ändrat är %(entry)s.",
)
ALTERED_AROUND: Final = Sentence(
    "The file is not as it was made: its digest does not hold. Every content is whole, so what was altered is the "
    "archive's own directory or the digest.",
    "Filen är inte som den gjordes: dess kontrollsumma stämmer inte. Allt innehåll är helt, så det som är ändrat är "
    "arkivets egen förteckning eller kontrollsumman.",
)
ALTERED_DIRECTORY: Final = Sentence(
    "The file is not as it was made: its digest does not hold, and the archive's directory cannot be read.",
    "Filen är inte som den gjordes: dess kontrollsumma stämmer inte, och arkivets förteckning går inte att läsa.",
)
BAD_MANIFEST: Final = Sentence(
    "manifest.json cannot be read as a bundle's list of contents.",
    "manifest.json går inte att läsa som ett pakets innehållsförteckning.",
)
ANOTHER_FORMAT: Final = Sentence(
    "The bundle's format is %(found)s, and this verifier reads %(expected)s.",
    "Paketets format är %(found)s, och den här kontrollen läser %(expected)s.",
)
NOT_LISTED: Final = Sentence(
    "%(entry)s is in the archive, and manifest.json does not list it.",
    "%(entry)s finns i arkivet men står inte i manifest.json.",
)
MISSING: Final = Sentence(
    "manifest.json lists %(entry)s, and it is not in the archive.",
    "manifest.json tar upp %(entry)s, som inte finns i arkivet.",
)
TWICE: Final = Sentence("%(entry)s is in the archive twice.", "%(entry)s finns två gånger i arkivet.")
ENTRY_ALTERED: Final = Sentence(
    "%(entry)s is not what manifest.json says: it has %(found)s, and %(expected)s is listed.",
    "%(entry)s är inte det som manifest.json säger: innehållet har %(found)s, och där står %(expected)s.",
)
FILE_HOLDS: Final = Sentence(
    "The file is as it was made: %(size)s bytes with SHA-256 %(digest)s.",
    "Filen är som den gjordes: %(size)s byte med SHA-256 %(digest)s.",
)
ENTRIES_HOLD: Final = Sentence(
    "Its %(count)s contents have the hashes that the manifest lists.",
    "De %(count)s delarna har de kontrollsummor som innehållsförteckningen tar upp.",
)


class NoBundle(Exception):  # noqa: N818 - says the situation
    """A file is no bundle at all: nothing was verified."""

    def __init__(self, why: Sentence) -> None:
        self.said = Said(NO_BUNDLE, {"why": why})
        super().__init__(self.said.text("en"))


class Bundle:
    """An open bundle.

    Attributes:
        manifest: what it says of itself.
    """

    def __init__(self, archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
        self._archive = archive
        self.manifest = manifest

    def names(self) -> set[str]:
        """Return the names of its contents."""
        return set(self._archive.namelist())

    def open(self, name: str) -> IO[bytes]:
        """Open a content.

        Raises:
            Different: it is not there.
        """
        try:
            return self._archive.open(name)
        except KeyError:
            raise Different(MISSING, entry=name) from None

    def read(self, name: str) -> bytes:
        """Return a small content as a whole."""
        with self.open(name) as entry:
            return entry.read()

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield a content's lines without their ends."""
        with self.open(name) as entry:
            while line := entry.readline(_LONGEST_LINE):
                yield line.removesuffix(b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()


def open_bundle(path: Path, report: Report) -> Bundle:
    """Open a bundle after its own digest and each content's have held.

    Raises:
        NoBundle: the file is something else. Different: they do not hold; says where. OSError: it cannot be read.
    """
    size = path.stat().st_size
    said, found = _digests(path, size)
    if said != found:
        raise _altered(path)
    report.holds(FILE_HOLDS, size=size, digest=found)
    archive = zipfile.ZipFile(path)
    manifest = _manifest(archive)
    names = archive.namelist()
    for name in names:
        if names.count(name) > 1:
            raise Different(TWICE, entry=name)
        if name != MANIFEST and name not in manifest["entries"]:
            raise Different(NOT_LISTED, entry=name)
    for name, listed in manifest["entries"].items():
        if name not in names:
            raise Different(MISSING, entry=name)
        told, expected = _hash_of(archive, name), (listed["size"], listed["sha256"])
        if told != expected:
            raise Different(ENTRY_ALTERED, entry=name, found=f"SHA-256 {told[1]}", expected=f"{expected[1]}")
    report.holds(ENTRIES_HOLD, count=len(manifest["entries"]))
    return Bundle(archive, manifest)


def _digests(path: Path, size: int) -> tuple[str, str]:
    """Return the digest that the file says and the one that it has."""
    if size <= DIGEST_SIGNS:
        if _looks_like_one(path):
            raise Different(ALTERED_DIRECTORY)
        raise NoBundle(TOO_SHORT)
    digest, left = sha256(), size - DIGEST_SIGNS
    with path.open("rb") as file:
        while left and (chunk := file.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
        return file.read().decode("ascii", "replace"), digest.hexdigest()


def _altered(path: Path) -> Different:
    """Find what was altered in a file whose digest does not hold.

    Raises:
        NoBundle: it never was a bundle.
    """
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE:
        if _looks_like_one(path):
            return Different(ALTERED_DIRECTORY)
        raise NoBundle(NO_ARCHIVE) from None
    with archive:
        if MANIFEST not in archive.namelist() and not archive.comment.startswith(COMMENT_START):
            raise NoBundle(ANOTHER_ARCHIVE)
        try:
            manifest = _manifest(archive)
        except Different:
            return Different(ALTERED_IN, entry=MANIFEST)
        for name, listed in manifest["entries"].items():
            try:
                whole = _hash_of(archive, name) == (listed["size"], listed["sha256"])
            except Different:
                whole = False
            if not whole:
                return Different(ALTERED_IN, entry=name)
    return Different(ALTERED_AROUND)


def _looks_like_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        listed = manifest["entries"]
        manifest["entries"] = {one["name"]: {"size": int(one["size"]), "sha256": str(one["sha256"])} for one in listed}
        found = manifest["format"]
    except (*_UNREADABLE, TypeError):
        raise Different(BAD_MANIFEST) from None
    if found != FORMAT:
        raise Different(ANOTHER_FORMAT, found=found, expected=FORMAT)
    if len(manifest["entries"]) != len(listed):
        raise Different(BAD_MANIFEST)
    return dict(manifest)


def _hash_of(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    digest, size = sha256(), 0
    try:
        with archive.open(name) as entry:
            while chunk := entry.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except _UNREADABLE as error:
        raise Different(ALTERED_IN, entry=name) from error
    return size, digest.hexdigest()
