"""Routes of the frames: preview, freeze, list, show."""

import asyncio
from hashlib import sha256
from typing import Annotated, BinaryIO, Final

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile, status
from fastapi.responses import StreamingResponse

from stickprov_contracts.http.sampler import Frame, FrameFrozenAnswer, FrameOptions, FrameReport
from stickprov_kernel.errors import BadInputError, NotFoundError
from stickprov_kernel.http.commands import command_head, hashed_with
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.http.stages import LINES, staged
from stickprov_kernel.http.validation import read_part
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.draws.drawing import FrameFileChangedError
from stickprov_sampler.adapters.frames.reading import Files, Stage
from stickprov_sampler.adapters.http.answers import REFUSED, REPEATED, created
from stickprov_sampler.adapters.http.control_points import EVERYBODY
from stickprov_sampler.adapters.parts import GetParts
from stickprov_sampler.adapters.streams import frame_named, frame_of
from stickprov_sampler.domain.frame.freezing import as_answer

RegisterFile = Annotated[UploadFile, File(description="The register extract: CSV, XLSX or Parquet")]
SubunitsFile = Annotated[
    UploadFile | None, File(description="The units' subunits, where they have a file of their own")
]
Options = Annotated[str, Form(description="How it is to be read: `FrameOptions` as JSON")]

_CHUNK: Final = 1 << 20
_TABBED: Final = "text/tab-separated-values"


def frames_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/frames``."""
    router = ServiceRouter(prefix="/v1/frames", tags=["frames"])

    @router.post(
        "/preview",
        summary="Read a register file without storing anything",
        dependencies=[Depends(require("coordinator"))],
        response_model=FrameReport,
        responses={**LINES, 422: REFUSED[422]},
    )
    async def preview_frame(
        request: Request, file: RegisterFile, options: Options, subunits_file: SubunitsFile = None
    ) -> Response:
        """Return what a freeze would see: encoding, columns, counts, and the rows that cannot be used."""
        wanted = _read(options)

        async def preview(stage: Stage) -> Response:
            report = await parts().freezing.preview(_files(file, subunits_file), wanted, stage)
            return Response(report.model_dump_json(), media_type="application/json")

        return await staged(request, preview)

    @router.post(
        "",
        summary="Freeze a register file as a frame",
        status_code=status.HTTP_201_CREATED,
        response_model=FrameFrozenAnswer,
        responses={200: {"model": FrameFrozenAnswer, "description": REPEATED, **LINES[200]}, **REFUSED},
    )
    async def freeze_frame(
        request: Request,
        file: RegisterFile,
        options: Options,
        head: Annotated[CommandContext, Depends(command_head("coordinator"))],
        subunits_file: SubunitsFile = None,
    ) -> Response:
        """Freeze a file without a rejected row under a name that is not taken; nothing is stored otherwise."""
        wanted = _read(options)
        files = _files(file, subunits_file)
        digests = [await asyncio.to_thread(_digest, one) for one in (files.register, files.subunits) if one is not None]
        context = hashed_with(head, wanted.model_dump_json().encode(), *digests)

        async def freeze(stage: Stage) -> Response:
            return created(await parts().freezing.freeze(context, files, wanted, stage))

        return await staged(request, freeze)

    @router.get("", summary="All frames", dependencies=[Depends(require(*EVERYBODY))])
    async def list_frames() -> list[Frame]:
        """Return every frozen frame, oldest first."""
        return await parts().lists.frames()

    @router.get("/{frame}", summary="One frame", dependencies=[Depends(require(*EVERYBODY))])
    async def read_frame(frame: str) -> Frame:
        """Return a frame by its id or its name."""
        found = await frame_of(parts().store, frame_named(frame))
        if found is None:
            raise NotFoundError(f"No frame “{frame}” is frozen.")
        recorded, frozen = found
        return as_answer(frozen, await parts().reader.position_of(recorded.id))

    _add_listing(router, parts)
    return router


def _add_listing(router: APIRouter, parts: GetParts) -> None:
    @router.get(
        "/{frame}/listing",
        summary="The units of a frame as a text",
        dependencies=[Depends(require("auditor", "coordinator", "service"))],
        response_class=Response,
        responses={200: {"content": {_TABBED: {}}, "description": "Columns, their types, then a line a unit"}},
    )
    async def read_listing(frame: str) -> StreamingResponse:
        """Return what ``listing_hash`` is the SHA-256 of: pseudonyms and kept columns, in the order of ``case_id``."""
        found = await frame_of(parts().store, frame_named(frame))
        if found is None:
            raise NotFoundError(f"No frame “{frame}” is frozen.")
        chunks = await asyncio.to_thread(parts().freezing.listing, found[1].frame_hash)
        if chunks is None:
            raise FrameFileChangedError(
                f"The file of frame “{found[1].frame_name}” is gone. "
                f"Restore the file with SHA-256 {found[1].frame_hash} from a backup."
            )
        return StreamingResponse(chunks, media_type=f"{_TABBED}; charset=utf-8")


def _read(options: str) -> FrameOptions:
    """Read the options; a problem names the option itself, as the checks that come later do."""
    part = "options"
    try:
        return read_part(FrameOptions, options, part)
    except BadInputError as error:
        bare = [
            problem.model_copy(update={"field": problem.field.removeprefix(f"{part}.")}) for problem in error.errors
        ]
        raise BadInputError(error.detail, errors=bare) from None


def _files(register: UploadFile, subunits: UploadFile | None) -> Files:
    return Files(register.file, None if subunits is None else subunits.file)


def _digest(file: BinaryIO) -> bytes:
    digest = sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.digest()
