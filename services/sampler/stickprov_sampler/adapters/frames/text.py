"""A register file's bytes become UTF-8 text with line feeds, in a stream: the file never stands in memory.

What must not break: no character is replaced or dropped in silence. What cannot be decoded is told by byte and row.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import IncrementalNewlineDecoder
from pathlib import Path
from typing import BinaryIO, ClassVar, Final, Literal

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_sampler.adapters.duck import SPACE

Encoding = Literal["utf-8", "utf-8-sig", "utf-16", "windows-1252"]

_CHUNK: Final = 1 << 20
_TELLING: Final = 16
"""Chunks between two numbers of rows."""


class UndecodableError(BadInputError):
    """The file is not text in the encoding that was given or detected."""

    code: ClassVar[str] = "encoding-fails"
    title: ClassVar[str] = "The file cannot be read as text"

    def __init__(self, message: str, row: int) -> None:
        super().__init__(message, errors=[FieldProblem(field="encoding", code=self.code, message=message, row=row)])


@dataclass(frozen=True, slots=True)
class Text:
    """A transcoded file.

    Attributes:
        path: where the UTF-8 text lies.
        source_hash: SHA-256 of the original bytes, hex.
        spaces: the signs of ``SPACE`` that stand in it.
        lines: how many it has, the last one counted with and without a line feed after it.
    """

    path: Path
    encoding: Encoding
    source_hash: str
    spaces: str
    lines: int


def transcode(source: BinaryIO, target: Path, encoding: Encoding | None, told: Callable[[int], None]) -> Text:
    """Write a file's text to ``target`` as UTF-8; ``told`` hears now and then how many rows have been read.

    Without an encoding: a byte order mark decides; else UTF-8 if every byte fits it; else Windows-1252.

    Raises:
        UndecodableError: names the byte offset (from 0), the row and what to do.
    """
    marked = _marked(source)
    if encoding is not None:
        return _transcode(
            source, target, "utf-8-sig" if (encoding, marked) == ("utf-8", "utf-8-sig") else encoding, told
        )
    if marked is not None:
        return _transcode(source, target, marked, told)
    try:
        return _transcode(source, target, "utf-8", told)
    except UndecodableError:
        return _transcode(source, target, "windows-1252", told)


def _marked(source: BinaryIO) -> Encoding | None:
    source.seek(0)
    start = source.read(3)
    if start == codecs.BOM_UTF8:
        return "utf-8-sig"
    return "utf-16" if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else None


def _transcode(source: BinaryIO, target: Path, encoding: Encoding, told: Callable[[int], None]) -> Text:
    digest = sha256()
    row, end, spaces = 1, "\n", ""
    newlines = IncrementalNewlineDecoder(None, translate=True)
    with target.open("wb") as out:
        for number, (chunk, decoded) in enumerate(_decoded(source, encoding), start=1):
            digest.update(chunk)
            text = newlines.decode(decoded, final=not chunk)
            if "\0" in text:
                at = row + text[: text.index("\0")].count("\n")
                message = f"Row {at} has a zero character, so this is not {encoding} text. "
                raise UndecodableError(message + "If the file was saved as UTF-16, give encoding “utf-16”.", at)
            spaces += "".join(sign for sign in SPACE if sign not in spaces and sign in text)
            end = text[-1:] or end
            row += text.count("\n")
            out.write(text.encode())
            if number % _TELLING == 0:
                told(row - 1)
    return Text(target, encoding, digest.hexdigest(), spaces, row - 1 + (end != "\n"))


def _decoded(source: BinaryIO, encoding: Encoding) -> Iterator[tuple[bytes, str]]:
    """Give the file's chunks with their text; the last chunk is empty and may bring text that was held back."""
    # Without its mark, UTF-16 that somebody vouches for is taken to be little-endian, as nearly all of it is.
    codec = "utf-16-le" if encoding == "utf-16" and _marked(source) is None else encoding
    source.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    offset = 0
    while True:
        chunk = source.read(_CHUNK)
        held = decoder.getstate()[0]
        try:
            plain = codec == "utf-8" and not held and chunk.isascii()
            text = chunk.decode("ascii") if plain else decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            byte = offset - len(held) + error.start
            at = _row_of(source, codec, byte)
            message = (
                f"Byte {byte} of the file, in row {at}, is not {encoding} text. "
                "Give the encoding the file was saved in, or save it again as UTF-8."
            )
            raise UndecodableError(message, at) from None
        yield chunk, text
        if not chunk:
            return
        offset += len(chunk)


def _row_of(source: BinaryIO, codec: str, byte: int) -> int:
    """Return the row that a byte stands in."""
    decoder = codecs.getincrementaldecoder(codec)()
    source.seek(0)
    row = 1
    while byte > 0 and (chunk := source.read(min(byte, _CHUNK))):
        row += decoder.decode(chunk).count("\n")
        byte -= len(chunk)
    return row
