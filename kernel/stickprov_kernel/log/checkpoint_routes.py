"""Routes of a log's checkpoints and of the keys that sign them."""

from collections.abc import Callable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Response, status
from fastapi.responses import PlainTextResponse

from stickprov_contracts.http.checkpoints import Checkpoint, CheckpointKey, Checkpoints
from stickprov_contracts.topics import Source
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.auditing import LogAudit
from stickprov_kernel.log.checkpoints import KeptCheckpoint, KeptKey

_LARGEST: Final = 2**63 - 1
_MOST: Final = 1000

Order = Literal["oldest", "newest"]


def checkpoints_router(source: Source, origin: str, audit: Callable[[], LogAudit]) -> APIRouter:
    """Return ``/v1/checkpoints``.

    Args:
        source: short name of the service.
        origin: the log's, as its checkpoints have it.
        audit: gives what works, at each request.
    """
    router = ServiceRouter(prefix="/v1/checkpoints", tags=["checkpoints"])
    readers = [Depends(require("auditor", "coordinator", "board", "ops", "service"))]

    @router.get("", summary="The keys and checkpoints of the log", dependencies=readers)
    async def read_checkpoints(
        after: Annotated[
            int | None, Query(ge=0, le=_LARGEST, description="Size to start beyond, in the order that is asked for")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=_MOST, description="How many checkpoints at most")] = _MOST,
        order: Annotated[Order, Query(description="Which come first")] = "oldest",
    ) -> Checkpoints:
        """Return every key that signs or signed, and up to ``limit`` checkpoints."""
        kept = audit().checkpoints
        page = await kept.page(after, limit, newest_first=order == "newest")
        return Checkpoints(
            source=source,
            origin=origin,
            keys=[_key(key) for key in await kept.keys()],
            checkpoints=[_checkpoint(source, one) for one in page],
        )

    @router.post(
        "",
        summary="Sign the log as it is now",
        dependencies=[Depends(require("auditor", "coordinator", "ops", "service"))],
        responses={status.HTTP_201_CREATED: {"model": Checkpoint, "description": "It was made now"}},
    )
    async def make_checkpoint(response: Response) -> Checkpoint:
        """Return the checkpoint of the log's size: a new one, or the one that is there."""
        made, new = await audit().checkpointing.make("asked")
        if new:
            response.status_code = status.HTTP_201_CREATED
        return _checkpoint(source, made)

    @router.get(
        "/latest", summary="The newest checkpoint's note", dependencies=readers, response_class=PlainTextResponse
    )
    async def read_latest() -> Response:
        """Return the signed note as it was published."""
        return _note(await audit().checkpoints.newest(), "There is no checkpoint yet. Make one.")

    @router.get("/{size}", summary="A checkpoint's note", dependencies=readers, response_class=PlainTextResponse)
    async def read_one(size: Annotated[int, Path(ge=1, le=_LARGEST)]) -> Response:
        """Return the signed note as it was published."""
        return _note(await audit().checkpoints.at(size), f"There is no checkpoint of {size} events.")

    return router


def _note(kept: KeptCheckpoint | None, missing: str) -> Response:
    if kept is None:
        raise NotFoundError(missing)
    return PlainTextResponse(kept.note)


def _checkpoint(source: Source, kept: KeptCheckpoint) -> Checkpoint:
    note = kept.note.decode()
    return Checkpoint(
        source=source,
        origin=note.partition("\n")[0],
        size=kept.size,
        root=kept.root.hex(),
        time=kept.time,
        reason=kept.reason,
        note=note,
    )


def _key(key: KeptKey) -> CheckpointKey:
    return CheckpointKey(
        verifier_key=key.verifier_key,
        adopted=key.adopted,
        handover=key.handover.decode() if key.handover is not None else None,
    )
