"""The findings API: the queue, and recording, correcting and withdrawing findings."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field, StrictBool

from stickprov_contracts.http.base import Answer, Request

Status = Literal["waiting", "reviewed"]


class RecordFinding(Request):
    """``POST /v1/reviews/{draw}/{control_point}/{case}/finding``."""

    remark: StrictBool
    categories: list[str] = Field(default=[], max_length=50)
    comment: str | None = Field(default=None, max_length=10_000)


class CorrectFinding(Request):
    """``POST /v1/reviews/{draw}/{control_point}/{case}/correction``; needs ``If-Match``."""

    remark: StrictBool
    categories: list[str] = Field(default=[], max_length=50)
    comment: str | None = Field(default=None, max_length=10_000)
    reason: str = Field(min_length=1, max_length=10_000)


class WithdrawFinding(Request):
    """``POST /v1/reviews/{draw}/{control_point}/{case}/withdrawal``; needs ``If-Match``."""

    reason: str = Field(min_length=1, max_length=10_000)


class Recorded(Answer):
    """A command was carried out, or had been carried out before under the same command id.

    Attributes:
        event: id of the event. version: the review's version after it, also in ``ETag``.
    """

    event: UUID
    draw: UUID
    control_point: str
    case: str
    version: int


class QueueItem(Answer):
    """A drawn case in a reviewer's queue."""

    draw: UUID
    control_point: str
    case: str
    month: str
    stratum: str
    order: int
    handler: str | None
    status: Status
    version: int


class Queue(Answer):
    """``GET /v1/queue``: cases with their progress. Counts are of the whole selection, items are one page of it."""

    total: int
    waiting: int
    reviewed: int
    items: list[QueueItem]


class HistoryEntry(Answer):
    """One event of a review, with its free text where that has not been erased."""

    version: int
    what: Literal["recorded", "corrected", "withdrawn"]
    time: datetime
    actor: str
    remark: bool | None
    categories: list[str]
    comment: str | None
    reason: str | None


class Review(Answer):
    """One case's review as it stands, with its history."""

    draw: UUID
    control_point: str
    case: str
    month: str
    stratum: str
    handler: str | None
    status: Status
    version: int
    remark: bool | None
    categories: list[str]
    history: list[HistoryEntry]
