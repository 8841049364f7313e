"""The findings service's calls."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from pydantic import BaseModel

from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.findings import (
    CorrectFinding,
    Queue,
    Recorded,
    RecordFinding,
    Review,
    Status,
    WithdrawFinding,
)


@dataclass(frozen=True)
class ReviewKey:
    """Which review is meant: one case, under one control point, of one draw."""

    draw: UUID
    control_point: str
    case: str

    @property
    def path(self) -> str:
        """Path of the review in the API."""
        return f"/v1/reviews/{self.draw}/{self.control_point}/{self.case}"


class FindingsClient:
    """The queue, and recording, correcting and withdrawing findings."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def queue(
        self, *, control_point: str | None = None, status: Status | None = None, limit: int = 100, offset: int = 0
    ) -> Queue:
        """Read one page of the caller's queue; the counts are of the whole selection."""
        parameters = {"control_point": control_point, "status": status, "limit": limit, "offset": offset}
        return await self.transport.fetch(Queue, Call(path="/v1/queue", parameters=parameters))

    async def review(self, review: ReviewKey) -> Review:
        return await self.transport.fetch(Review, Call(path=review.path))

    async def record(self, review: ReviewKey, finding: RecordFinding, *, command: UUID | None = None) -> Recorded:
        return await self._command(review, "finding", finding, command, None)

    async def correct(
        self, review: ReviewKey, correction: CorrectFinding, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "correction", correction, command, version)

    async def withdraw(
        self, review: ReviewKey, withdrawal: WithdrawFinding, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "withdrawal", withdrawal, command, version)

    async def _command(
        self, review: ReviewKey, what: str, body: BaseModel, command: UUID | None, version: int | None
    ) -> Recorded:
        path = f"{review.path}/{what}"
        call = Call(method="POST", path=path, body=body, command=command or uuid4(), version=version)
        return await self.transport.fetch(Recorded, call)
