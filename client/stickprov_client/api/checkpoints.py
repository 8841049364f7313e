"""Calls by which others check a service's own log, the same at every service that has one."""

from collections.abc import Callable
from typing import Final

from stickprov_client.api.following import Stages
from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.checkpoints import (
    Checkpoint,
    Checkpoints,
    ConsistencyProof,
    InclusionProof,
    LogVerification,
)
from stickprov_contracts.http.progress import AuditStage
from stickprov_contracts.log import LogHead, LogPage

HASH_BYTES: Final = 32


class OwnLogClient:
    """Checkpoints, proofs and the bare log of one service."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def checkpoints(
        self, after: int | None = None, limit: int | None = None, *, newest_first: bool = False
    ) -> Checkpoints:
        """Return the log's keys, and its checkpoints beyond a size in either order."""
        parameters = {"after": after, "limit": limit, "order": "newest" if newest_first else "oldest"}
        return await self.transport.fetch(Checkpoints, Call(path="/v1/checkpoints", parameters=parameters))

    async def make_checkpoint(self) -> Checkpoint:
        """Have the log signed as it is now; what was signed before is given again."""
        return await self.transport.fetch(Checkpoint, Call(method="POST", path="/v1/checkpoints"))

    async def note(self, size: int | None = None) -> bytes:
        """Return a checkpoint's note as it was signed, the newest without a size."""
        response = await self.transport.send(Call(path=f"/v1/checkpoints/{'latest' if size is None else size}"))
        return response.content

    async def inclusion(self, position: int, size: int | None = None) -> InclusionProof:
        """Return the proof that an event is in the tree of a size, or of all events."""
        parameters = {"position": position, "size": size}
        return await self.transport.fetch(InclusionProof, Call(path="/v1/log/inclusion", parameters=parameters))

    async def consistency(self, first: int, second: int | None = None) -> ConsistencyProof:
        """Return the proof that the log of a size, or of all events, begins as it was at a smaller size."""
        parameters = {"first": first, "second": second}
        return await self.transport.fetch(ConsistencyProof, Call(path="/v1/log/consistency", parameters=parameters))

    async def leaves(self, after: int, limit: int | None = None) -> list[bytes]:
        """Return leaf hashes behind a position, as many as the service gives at once."""
        call = Call(path="/v1/log/leaves", parameters={"after": after, "limit": limit})
        packed = (await self.transport.send(call)).content
        return [packed[start : start + HASH_BYTES] for start in range(0, len(packed), HASH_BYTES)]

    async def head(self) -> LogHead:
        return await self.transport.fetch(LogHead, Call(path="/v1/log/head"))

    async def page(self, after: int, limit: int | None = None) -> LogPage:
        """Return events behind a position, with the head."""
        return await self.transport.fetch(LogPage, Call(path="/v1/log", parameters={"after": after, "limit": limit}))

    async def verification(self, told: Callable[[AuditStage], object] | None = None) -> LogVerification:
        """Have the service read its own tables again, from the first row to the last.

        Args:
            told: is told how far it has come.
        """
        stages = Stages(AuditStage, told) if told is not None else None
        return await self.transport.fetch(LogVerification, Call(path="/v1/log/verification", stages=stages))
