"""Reviews as they stand, read from the event log in one round trip; a questionnaire's version is read once in all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Final, get_args
from uuid import UUID

import asyncpg

from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.adapters.protections import Protections
from stickprov_findings.adapters.sql.questionnaires import Questionnaires
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_findings.domain.assignment.rules import Member
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.evolve import evolve
from stickprov_findings.domain.review.state import Asked, DrawnCase, Entitled, Review
from stickprov_findings.domain.review.status import ReviewEvent
from stickprov_kernel.log.understanding import understand
from stickprov_kernel.notes.keeping import opened
from stickprov_kernel.sealing.sealing import Sealing

_EVENTS: Final = get_args(ReviewEvent)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a review, with when and by whom (a pseudonym)."""

    version: int
    event_id: UUID
    time: datetime
    actor: str
    event: ReviewEvent


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review with everything a reader may want.

    Attributes:
        month, stratum, order: where the case stands in its draw.
        measure, unit_name, subunit_name, categories: of the control point; categories as ``{"id", "sv", "en"}``.
        review: as it stands, with the one beside it.
        history, beside: what happened to them, oldest first.
        has_draft: whether who asks has begun to fill something in.
    """

    month: str
    stratum: str
    order: int
    measure: str
    unit_name: str
    subunit_name: str | None
    categories: Sequence[Mapping[str, str]]
    review: Review
    history: Sequence[Happened]
    beside: Sequence[Happened]
    has_draft: bool


class Reviews:
    """Reads reviews from the findings database."""

    def __init__(
        self, pool: asyncpg.Pool, sealing: Sealing, questionnaires: Questionnaires, protections: Protections
    ) -> None:
        self._pool = pool
        self._sealing = sealing
        self._questionnaires = questionnaires
        self._protections = protections

    async def read(
        self, key: ReviewKey, actor: str, *, cleared: bool, number: int | None = None, second: bool = False
    ) -> ReviewRecord | None:
        """Return a review with its history, None when no such case was drawn or it is to be like one that was not.

        Args:
            key: which. A second or file review comes with the first beside it.
            actor: who asks.
            cleared: whether they are cleared for protected identities.
            number: version of the questionnaire; None for the newest.
            second: whether the second review is wanted beside the first.

        Raises:
            ProtectionsUnknownError: whether they may see the case cannot be told now.
        """
        beside = _beside(key.purpose, second=second)
        streams = [key.stream] if beside is None else [key.stream, key.stream_of(beside)]
        first = key.stream_of("review")
        rows = await self._pool.fetch(SQL["review"], first, streams, key.purpose, actor, key.stream)
        if not rows or await self._protections.hide(key.case, cleared=cleared, heard=rows[0]["heard"]):
            return None
        row, texts = rows[0], self._texts(rows[0])
        happened = {stream: [_happened(row) for row in rows if row["stream"] == stream] for stream in streams}
        categories = json.loads(row["categories"]) if row["categories"] is not None else None
        case = await self._case(row, number, categories)
        review = _folded(Review(case, texts), happened[key.stream])
        if beside is not None:
            other = _folded(Review(case, texts), happened[key.stream_of(beside)])
            review = replace(review, beside=other)
        return ReviewRecord(
            month=row["month"],
            stratum=row["stratum"],
            order=row["draw_order"],
            measure=row["measure"] or "",
            unit_name=row["unit_name"] or "",
            subunit_name=row["subunit_name"],
            categories=categories or [],
            review=review,
            history=happened[key.stream],
            beside=happened[key.stream_of(beside)] if beside else [],
            has_draft=row["has_draft"],
        )

    async def versions(self, record: ReviewRecord) -> dict[int, Questionnaire]:
        """Return the versions of the review's questionnaire that were answered and are not the one to answer now."""
        asked = record.review.case.asked if record.review.case else None
        if asked is None:
            return {}
        numbers = {_number_of(one.event, asked) for one in (*record.history, *record.beside)} - {None, asked.number}
        versions = {
            number: await self._questionnaires.version(asked.questionnaire, number)
            for number in sorted(number for number in numbers if number is not None)
        }
        return {number: version for number, version in versions.items() if version is not None}

    def _texts(self, row: asyncpg.Record) -> Mapping[UUID, str]:
        columns = ("note", "stream", "master", "wrapped_key", "sealed")
        notes = (opened(self._sealing, dict(zip(columns, one, strict=True))) for one in row["notes"] or ())
        return {note.note: note.text for note in notes}

    async def _case(
        self, row: asyncpg.Record, number: int | None, categories: Sequence[Mapping[str, str]] | None
    ) -> DrawnCase:
        asked = None
        if row["questionnaire"] is not None:
            asked = await self._asked(row["questionnaire"], row["newest_number"], number)
        return DrawnCase(
            handler=row["handler"],
            categories=None if categories is None else frozenset(category["id"] for category in categories),
            # The log's periods end with the first day that is no longer part of them.
            period_end=row["period_end"] - timedelta(days=1),
            replaced_by=row["replacement"],
            unit=row["unit"],
            closed=row["closed"],
            subunits=tuple(row["subunits"]),
            asked=asked,
            entitled=_entitled(row),
            erased=row["erased"],
        )

    async def _asked(self, questionnaire: str, newest: int | None, number: int | None) -> Asked:
        if newest is None:
            return Asked(questionnaire, None, None)
        wanted = newest if number is None else number
        content = await self._questionnaires.version(questionnaire, wanted) if wanted <= newest else None
        return Asked(questionnaire, wanted, content)


def _beside(purpose: Purpose, *, second: bool) -> Purpose | None:
    if purpose != "review":
        return "review"
    return "second-review" if second else None


def _folded(start: Review, happened: Sequence[Happened]) -> Review:
    return reduce(lambda review, one: evolve(review, one.event, one.actor), happened, start)


def _happened(row: asyncpg.Record) -> Happened:
    event = understand(row["type"], row["data"])
    if not isinstance(event, _EVENTS):
        raise TypeError(f"{row['type']} has no place in a review's stream")
    return Happened(row["version"], row["id"], row["time"], row["actor"], event)


def _entitled(row: asyncpg.Record) -> Entitled:
    asking = handling = None
    if row["asking"] is not None:
        asking = Member(row["asking"], row["asking_unit"], frozenset(row["asking_groups"]))
    if row["handling"] is not None:
        handling = Member(row["handling"], row["handling_unit"])
    return Entitled(
        reviewer=row["reviewer"],
        rule=row["reviewer_rule"],
        group=row["reviewer_group"],
        blind=row["blind"],
        second_reviewer=row["second_reviewer"],
        asking=asking,
        handling=handling,
    )


def _number_of(event: ReviewEvent, asked: Asked) -> int | None:
    """Return which version of the questionnaire an event answered; None for another, and where nothing was answered."""
    answered = getattr(event, "questionnaire", None) == asked.questionnaire
    return getattr(event, "questionnaire_number", None) if answered else None
