"""Pages that take a file: it is read, sent on, and what is wrong with it stands beside the form's file field.

A file is used at once, or held between a look at it and its use; a held one is its sender's alone and goes with it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ApiProblem
from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.language.file_places import place_told
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.forms import Fault, Form
from stickprov_client.web.held_files import HeldFile
from stickprov_client.web.language import language_of
from stickprov_client.web.visitor import doorkeeper_of, visit_of

FILE: Final = "file"
HELD: Final = "held"
"""The field that carries the id under which a file is held."""
_MOST: Final = 8 * 2**20
"""Bytes; ten thousand people or a thousand control points need less than two mebibytes."""

_Read = TypeVar("_Read")
_File = TypeVar("_File")


@dataclass(frozen=True)
class Held:
    """A file that is held, and the id to find it by again."""

    file: HeldFile
    file_id: str

    async def read(self, read: Callable[[str, bytes], _Read]) -> _Read:
        """Have it read. Raises as ``read_upload`` does."""
        with self.file.open() as content:
            return await asyncio.to_thread(_read_open, self.file.name, content, read)

    def let_go(self, request: Request) -> None:
        """Forget it."""
        doorkeeper_of(request).files.let_go(self.file_id)


async def answer_file(
    request: Request,
    form: Form,
    file: _File | None,
    send: Callable[[_File], Awaitable[Response]],
    again: Callable[[Form], Awaitable[Response]],
) -> Response:
    """Answer a form with a file.

    Args:
        request: that the form came with.
        form: as it was typed.
        file: as it was chosen; None when none was.
        send: reads it, sends it on and answers.
        again: answers with the form and what is wrong with it.
    """
    language = language_of(request)
    if file is None:
        return await again(form.with_faults([Fault(FILE, texts(language).gettext("Choose a file."))]))
    try:
        return await send(file)
    except BadFile as bad:
        return await again(form.with_faults(file_faults(bad, language)))
    except ApiProblem as error:
        if not error.is_our_fault:
            raise
        return await again(form.refused(error.problem))


async def held_file(request: Request, form: Form) -> Held | None:
    """Hold the file that was chosen, or else find the one that the form says is held; None where there is neither."""
    files, visit, upload = doorkeeper_of(request).files, visit_of(request), form.files.get(FILE)
    file_id = form.value(HELD)
    if upload is not None and visit is not None:
        file_id = await asyncio.to_thread(files.hold, visit, upload)
    found = files.find(visit, file_id)
    return Held(found, file_id) if found is not None else None


async def read_upload(upload: UploadFile, read: Callable[[str, bytes], _Read]) -> _Read:
    """Have an uploaded file read.

    Args:
        upload: of the form.
        read: takes the file's name and its bytes.

    Raises:
        BadFile: it is too large, or ``read`` says what is wrong with it.
    """
    await upload.seek(0)
    return await asyncio.to_thread(_read_open, upload.filename or "", upload.file, read)


def file_faults(bad: BadFile, language: Language) -> list[Fault]:
    """Return a fault for each place of the file."""
    return [Fault(FILE, place_told(fault, language)) for fault in bad.faults]


def _read_open(name: str, file: BinaryIO, read: Callable[[str, bytes], _Read]) -> _Read:
    content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise BadFile(name, [FileFault("it is larger than 8 MiB, which no such file needs to be.")])
    return read(name, content)
