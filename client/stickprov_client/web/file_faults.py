"""Files that people write, as they come with a form, and what is wrong with them as faults of the form's file field."""

import asyncio
from collections.abc import Callable
from typing import BinaryIO, Final, TypeVar

from starlette.datastructures import UploadFile

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.language.file_places import place_told
from stickprov_client.language.translations import Language
from stickprov_client.web.forms import Fault

FILE: Final = "file"
_MOST: Final = 8 * 2**20
"""Bytes; ten thousand people or a thousand control points need less than two mebibytes."""

_Read = TypeVar("_Read")


async def read_upload(upload: UploadFile, read: Callable[[str, bytes], _Read]) -> _Read:
    """Have an uploaded file read.

    Args:
        upload: of the form.
        read: takes the file's name and its bytes.

    Raises:
        BadFile: it is too large, or ``read`` says what is wrong with it.
    """
    await upload.seek(0)
    return await asyncio.to_thread(read_open, upload.filename or "", upload.file, read)


def read_open(name: str, file: BinaryIO, read: Callable[[str, bytes], _Read]) -> _Read:
    """Have an open file read from where it stands. Raises as ``read_upload`` does; blocks."""
    content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise BadFile(name, [FileFault("it is larger than 8 MiB, which no such file needs to be.")])
    return read(name, content)


def file_faults(bad: BadFile, language: Language) -> list[Fault]:
    """Return a fault for each place of the file."""
    return [Fault(FILE, place_told(fault, language)) for fault in bad.faults]
