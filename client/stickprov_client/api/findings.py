"""The findings service's calls: the queue, reviews of every purpose, drafts, assignments, progress."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import quote
from uuid import UUID, uuid4

from pydantic import BaseModel

from stickprov_client.api.heard import HeardLogsClient
from stickprov_client.api.transport import Call
from stickprov_contracts.http.findings import (
    AssignCases,
    Assigned,
    CorrectFinding,
    Draft,
    MarkCase,
    Progress,
    Purpose,
    Queue,
    QueueItem,
    Reassign,
    Recorded,
    RecordFinding,
    ReopenReview,
    Review,
    Reviewer,
    SaveDraft,
    SettleDisagreement,
    Status,
    WithdrawFinding,
)
from stickprov_contracts.http.imports import ImportedFindings, ImportFindings, MyFindings

_PATHS: Final[dict[Purpose, str]] = {
    "review": "/v1/reviews",
    "second-review": "/v1/second-reviews",
    "file-review": "/v1/file-reviews",
}


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
        return f"{_PATHS[self.purpose]}/{self.draw}/{quote(self.control_point, safe='')}/{quote(self.case, safe='')}"

    @property
    def address(self) -> str:
        """The review as one text: purpose, draw, control point and case."""
        return f"{self.purpose}/{self.draw}/{self.control_point}/{self.case}"


class FindingsClient(HeardLogsClient):
    """Everything reviewers and coordinators do with cases. A command takes an id; one is made when it is left out.

    ``version`` is the one that was seen: of the review, or of the draft.
    """

    async def queue(
        self,
        *,
        purpose: Purpose | None = None,
        control_point: str | None = None,
        draw: UUID | None = None,
        unit: str | None = None,
        reviewer: str | None = None,
        status: Status | Literal["closed"] | None = None,
        period: str | None = None,
        case: str | None = None,
        newest: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> Queue:
        """Read one page of the caller's queue; the counts are of the whole selection."""
        parameters = {
            "purpose": purpose,
            "control_point": control_point,
            "draw": str(draw) if draw else None,
            "unit": unit,
            "reviewer": reviewer,
            "status": status,
            "period": period,
            "case": case,
            "newest": "true" if newest else None,
            "limit": limit,
            "offset": offset,
        }
        return await self.transport.fetch(Queue, Call(path="/v1/queue", parameters=parameters))

    async def next_case(
        self,
        *,
        purpose: Purpose | None = None,
        control_point: str | None = None,
        draw: UUID | None = None,
        other_than: ReviewKey | None = None,
    ) -> QueueItem | None:
        """Read what the caller is to review next, other than what they are just sending; None when nothing waits."""
        parameters = {
            "purpose": purpose,
            "control_point": control_point,
            "draw": str(draw) if draw else None,
            "other_than": other_than.address if other_than else None,
        }
        response = await self.transport.send(Call(path="/v1/queue/next", parameters=parameters))
        if response.status_code == HTTPStatus.NO_CONTENT:
            return None
        return self.transport.read(QueueItem, response)

    async def review(self, review: ReviewKey) -> Review:
        return await self.transport.fetch(Review, Call(path=review.path))

    async def start(self, review: ReviewKey, *, command: UUID | None = None) -> Recorded:
        """Say that the caller has begun, so that nobody else is given the case."""
        return await self._command(review, "start", None, command, None)

    async def record(
        self, review: ReviewKey, finding: RecordFinding, *, version: int | None = None, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "finding", finding, command, version)

    async def correct(
        self, review: ReviewKey, correction: CorrectFinding, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "correction", correction, command, version)

    async def withdraw(
        self, review: ReviewKey, withdrawal: WithdrawFinding, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "withdrawal", withdrawal, command, version)

    async def mark_over_coverage(
        self, review: ReviewKey, mark: MarkCase, *, version: int | None = None, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "over-coverage", mark, command, version)

    async def mark_non_response(
        self, review: ReviewKey, mark: MarkCase, *, version: int | None = None, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "non-response", mark, command, version)

    async def reopen(
        self, review: ReviewKey, reopening: ReopenReview, *, version: int, command: UUID | None = None
    ) -> Recorded:
        return await self._command(review, "reopening", reopening, command, version)

    async def settle(
        self, review: ReviewKey, settlement: SettleDisagreement, *, version: int, command: UUID | None = None
    ) -> Recorded:
        """Say what holds where first and second review disagree."""
        return await self._command(review, "settlement", settlement, command, version)

    async def reassign(self, review: ReviewKey, request: Reassign, *, command: UUID | None = None) -> Recorded:
        """Give a case to another reviewer."""
        return await self._command(review, "assignment", request, command, None)

    async def draft(self, review: ReviewKey) -> Draft:
        """Read what the caller has filled in; a problem 404 when there is nothing."""
        return await self.transport.fetch(Draft, Call(path=f"{review.path}/draft"))

    async def save_draft(self, review: ReviewKey, draft: SaveDraft, *, version: int) -> Draft:
        """Keep what the caller has filled in; ``version`` is the draft's that was seen, 0 for none."""
        call = Call(method="PUT", path=f"{review.path}/draft", body=draft, version=version)
        return await self.transport.fetch(Draft, call)

    async def drop_draft(self, review: ReviewKey) -> None:
        await self.transport.send(Call(method="DELETE", path=f"{review.path}/draft"))

    async def assign(self, request: AssignCases, *, command: UUID | None = None) -> Assigned:
        """Give a draw's cases to reviewers by the control point's rule, or only look."""
        call = Call(method="POST", path="/v1/assignments", body=request, command=command or uuid4())
        return await self.transport.fetch(Assigned, call)

    async def reviewers(self) -> list[Reviewer]:
        return await self.transport.fetch(list[Reviewer], Call(path="/v1/reviewers"))

    async def progress(
        self,
        *,
        control_point: str | None = None,
        draw: UUID | None = None,
        period: str | None = None,
        purpose: Purpose = "review",
        overdue_days: int = 0,
        within: tuple[date, date] | None = None,
    ) -> Progress:
        chosen = {"control_point": control_point, "draw": str(draw) if draw else None, "period": period}
        parameters = {**chosen, **_days(within), "purpose": purpose, "overdue_days": overdue_days}
        return await self.transport.fetch(Progress, Call(path="/v1/progress", parameters=parameters))

    async def disagreements(
        self,
        *,
        control_point: str | None = None,
        draw: UUID | None = None,
        within: tuple[date, date] | None = None,
    ) -> list[QueueItem]:
        """Read the cases whose two reviews differ and have not been settled."""
        chosen = {"control_point": control_point, "draw": str(draw) if draw else None, **_days(within)}
        return await self.transport.fetch(list[QueueItem], Call(path="/v1/disagreements", parameters=chosen))

    async def my_findings(
        self,
        *,
        control_point: str | None = None,
        draw: UUID | None = None,
        purpose: Purpose | None = None,
        export: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> MyFindings:
        """Read one page of the reviews that the caller ended last; for an ``export`` without protected identities."""
        chosen = {"control_point": control_point, "draw": str(draw) if draw else None, "purpose": purpose}
        chosen |= {"export": "true"} if export else {}
        call = Call(path="/v1/findings", parameters={**chosen, "limit": limit, "offset": offset})
        return await self.transport.fetch(MyFindings, call)

    async def import_findings(self, table: ImportFindings, *, command: UUID | None = None) -> ImportedFindings:
        """Record many findings at once, all or none."""
        call = Call(method="POST", path="/v1/findings/import", body=table, command=command or uuid4())
        return await self.transport.fetch(ImportedFindings, call)

    async def preview_import(self, table: ImportFindings) -> ImportedFindings:
        """Ask what importing would do; nothing is stored."""
        call = Call(method="POST", path="/v1/findings/import/preview", body=table)
        return await self.transport.fetch(ImportedFindings, call)

    async def _command(
        self, review: ReviewKey, what: str, body: BaseModel | None, command: UUID | None, version: int | None
    ) -> Recorded:
        path = f"{review.path}/{what}"
        call = Call(method="POST", path=path, body=body, command=command or uuid4(), version=version)
        return await self.transport.fetch(Recorded, call)


def _days(within: tuple[date, date] | None) -> dict[str, str]:
    """Return how a span of days is asked for: its first day, and the first that is no longer part of it."""
    return {"start": within[0].isoformat(), "end": within[1].isoformat()} if within else {}
