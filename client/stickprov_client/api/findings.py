"""The findings service's calls for reviewers: the queue, drafts, and what is said of a case."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel

from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.findings import (
    CorrectFinding,
    Draft,
    MarkCase,
    Purpose,
    Queue,
    Recorded,
    RecordFinding,
    ReopenReview,
    Review,
    SaveDraft,
    SettleDisagreement,
    Status,
    WithdrawFinding,
)

Mark = Literal["over-coverage", "non-response"]


@dataclass(frozen=True)
class ReviewKey:
    """Which review is meant: one case, under one control point, of one draw, for one purpose."""

    draw: UUID
    control_point: str
    case: str
    purpose: Purpose = "review"

    @property
    def path(self) -> str:
        """Path of the review in the API."""
        return f"/v1/{self.purpose}s/{self.draw}/{self.control_point}/{self.case}"


class FindingsClient:
    """The queue, and recording, correcting and withdrawing findings."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def queue(
        self,
        *,
        purpose: Purpose | None = None,
        control_point: str | None = None,
        draw: UUID | None = None,
        status: Status | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Queue:
        """Read one page of the caller's queue; the counts are of the whole selection."""
        parameters = {
            "purpose": purpose,
            "control_point": control_point,
            "draw": str(draw) if draw else None,
            "status": status,
            "limit": limit,
            "offset": offset,
        }
        return await self.transport.fetch(Queue, Call(path="/v1/queue", parameters=parameters))

    async def review(self, review: ReviewKey) -> Review:
        return await self.transport.fetch(Review, Call(path=review.path))

    async def start(self, review: ReviewKey, *, command: UUID | None = None) -> Recorded:
        """Say that the case is being reviewed; until it is done, nobody else is given it."""
        call = Call(method="POST", path=f"{review.path}/start", command=command or uuid4())
        return await self.transport.fetch(Recorded, call)

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

    async def mark(
        self, review: ReviewKey, mark: Mark, why: MarkCase, *, version: int | None = None, command: UUID | None = None
    ) -> Recorded:
        """Mark a case as over-coverage or non-response; one that is done already only with its version."""
        return await self._command(review, mark, why, command, version)

    async def reopen(
        self, review: ReviewKey, reopening: ReopenReview, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "reopening", reopening, command, version)

    async def settle(
        self, review: ReviewKey, settlement: SettleDisagreement, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "settlement", settlement, command, version)

    async def draft(self, review: ReviewKey) -> Draft:
        return await self.transport.fetch(Draft, Call(path=f"{review.path}/draft"))

    async def save_draft(self, review: ReviewKey, draft: SaveDraft, *, version: int) -> Draft:
        """Save a draft unless another is newer than the version that was seen, 0 for none."""
        return await self.transport.fetch(
            Draft, Call(method="PUT", path=f"{review.path}/draft", body=draft, version=version)
        )

    async def drop_draft(self, review: ReviewKey) -> None:
        await self.transport.send(Call(method="DELETE", path=f"{review.path}/draft"))

    async def _command(
        self, review: ReviewKey, what: str, body: BaseModel, command: UUID | None, version: int | None
    ) -> Recorded:
        path = f"{review.path}/{what}"
        call = Call(method="POST", path=path, body=body, command=command or uuid4(), version=version)
        return await self.transport.fetch(Recorded, call)
