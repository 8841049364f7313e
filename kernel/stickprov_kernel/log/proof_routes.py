"""Routes by which others check a log: leaf hashes, proofs, and the service's reading of its own tables."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from stickprov_contracts.http.checkpoints import ConsistencyProof, InclusionProof, LogVerification
from stickprov_contracts.topics import Source
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.http.stages import LINES, Tell, staged
from stickprov_kernel.log.auditing import LogAudit
from stickprov_kernel.log.verifying import TableVerification

LEAVES_LIMIT: Final = 65_536

_LARGEST: Final = 2**63 - 1
_OCTETS: Final = "application/octet-stream"


def proofs_router(source: Source, audit: Callable[[], LogAudit]) -> APIRouter:
    """Return ``/v1/log/leaves``, ``/v1/log/inclusion``, ``/v1/log/consistency`` and ``/v1/log/verification``.

    Args:
        source: short name of the service.
        audit: gives what works, at each request.
    """
    router = ServiceRouter(
        prefix="/v1/log", tags=["log"], dependencies=[Depends(require("service", "auditor", "coordinator", "ops"))]
    )

    @router.get(
        "/leaves",
        summary="Leaf hashes alone",
        response_class=Response,
        responses={200: {"content": {_OCTETS: {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def read_leaves(
        after: Annotated[int, Query(ge=0, le=_LARGEST, description="Position to start behind")] = 0,
        limit: Annotated[int, Query(ge=1, le=LEAVES_LIMIT, description="How many at most")] = LEAVES_LIMIT,
    ) -> Response:
        """Return the leaf hash of each event, 32 bytes each, in the order of their positions."""
        until = min(after + limit, _LARGEST)
        return Response(await audit().proofs.leaves(after, until), media_type=_OCTETS)

    @router.get("/inclusion", summary="Proof that an event is in the log")
    async def prove_inclusion(
        position: Annotated[int, Query(ge=1, le=_LARGEST, description="The event's position")],
        size: Annotated[int | None, Query(ge=1, le=_LARGEST, description="Of the tree; else all events")] = None,
    ) -> InclusionProof:
        """Return the hashes from the event's leaf up to the root (RFC 9162, 2.1.3)."""
        return await audit().proofs.inclusion(position, size)

    @router.get("/consistency", summary="Proof that the log only grew")
    async def prove_consistency(
        first: Annotated[int, Query(ge=1, le=_LARGEST, description="Size of the smaller tree")],
        second: Annotated[int | None, Query(ge=1, le=_LARGEST, description="Of the larger; else all events")] = None,
    ) -> ConsistencyProof:
        """Return the hashes that lead to the roots of both trees (RFC 9162, 2.1.4)."""
        return await audit().proofs.consistency(first, second)

    @router.get(
        "/verification",
        summary="Read the log's own tables again",
        response_model=LogVerification,
        responses=LINES,
    )
    async def verify(request: Request) -> Response:
        """Return whether every row is what its hashes say; it takes as long as reading the whole log does."""
        parts = audit()

        async def work(tell: Tell) -> Response:
            async with parts.reading:
                outcome = await TableVerification(parts.pool, source).run(tell)
            return Response(outcome.model_dump_json(), media_type="application/json")

        return await staged(request, work)

    return router
