"""The audit of reporting: who did what, logs read again from their first event, and figures folded anew."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from stickprov_contracts.http.base import Answer


class LogVerdict(Answer):
    """A log re-read from its first event.

    Attributes:
        events: how many were read. root: of the tree over all their leaves.
        verdict: ``verified``, ``different`` (with ``first_difference``) or ``unreachable`` (the source did not answer).
        checkpoints: how many of the source's signed checkpoints had the root that the copy gives, with a signature of
            a trusted key. keys: where those keys were from: ``configured`` (given to reporting from outside),
            ``source`` (only the source itself vouches for them) or None (there were no checkpoints).
        own: whether the source, asked to read its own tables again, found them whole; None if it was not asked.
    """

    source: str
    events: int
    chain_hash: str
    root: str
    verdict: Literal["verified", "different", "unreachable"]
    first_difference: str | None
    checkpoints: int = 0
    keys: Literal["configured", "source"] | None = None
    own: Literal["verified", "different", "unreachable"] | None = None


class StatisticDifference(Answer):
    """A figure that came out otherwise when the logs were folded again."""

    figure: str
    stored: str
    replayed: str


class Replay(Answer):
    """``GET /v1/audit/replay``: logs verified and the statistic folded again from the first event."""

    verdict: Literal["verified", "different", "unreachable"]
    logs: list[LogVerdict]
    figures_compared: int = Field(ge=0)
    differences: list[StatisticDifference]
    digest_stored: str
    digest_replayed: str


class ReplayedStatistic(Answer):
    """One control point of a replay: its figures as they are stored and as they came out again."""

    control_point: str
    verdict: Literal["verified", "different"]
    figures_compared: int = Field(ge=0)
    differences: list[StatisticDifference]


class PeriodReplay(Answer):
    """``GET /v1/audit/replays?from=&to=[&control_point=...]``: both logs read once, every statistic folded anew.

    With ``Accept: application/x-ndjson`` it tells its stages (``AuditStage``) before the outcome.

    Attributes:
        statistics: of every control point with a draw in the range, or of those that were asked for, by id.
        differences: facts of the projection (cells, rows, chronicle) that are not what the events give, the first few.
    """

    verdict: Literal["verified", "different", "unreachable"]
    logs: list[LogVerdict]
    statistics: list[ReplayedStatistic]
    figures_compared: int = Field(ge=0)
    differences: list[StatisticDifference]
    digest_stored: str
    digest_replayed: str


class TrailEntry(Answer):
    """One event, with its place.

    Attributes:
        type: such as ``finding-recorded``. version: of its schema.
        stream_version: the event's number within its stream.
        control_points, draw, case, plan, period: what it is about, as far as it says or its draw says.
        data: the event's content; pseudonyms, never identities.
    """

    source: str
    position: int
    chain_hash: str
    id: UUID
    type: str
    version: int
    time: datetime
    actor: str
    stream: str
    stream_version: int
    correlation_id: UUID
    control_points: list[str]
    draw: UUID | None
    case: str | None
    plan: str | None
    period: str | None
    data: dict[str, Any]


class Trail(Answer):
    """``GET /v1/audit/trail``: events in the order of their time; within one log that of their positions.

    Filters, all of which must hold: ``control_point``, ``draw``, ``case`` (eight digits of it or more), ``plan``,
    ``actor`` (``me`` is the caller), ``type`` (repeated: any of them), ``source``, ``from`` and ``to`` (Swedish days on
    which it happened; ``to`` excluded), ``period`` (what it is about lies within). ``order=newest`` turns it round.
    ``after`` is the ``next`` of the page before. ``format=csv`` or ``jsonl`` gives all of it as a file. 503
    ``trail-behind`` while the trail is being made.

    Attributes:
        total: how many events match, counted up to 10,000; ``more`` says whether there are more than that.
        next: where the next page begins; None at the end.
    """

    entries: list[TrailEntry]
    total: int
    more: bool
    next: str | None


class Moment(Answer):
    """``GET /v1/audit/moment?at=``: the last position of each log up to which everything had happened at a moment.

    A clock that goes back changes no order: an event counts as having happened no earlier than those before it.
    Statistics, trends, the dashboard, cases and reports take ``sampler_position`` and ``findings_position``; they take
    ``at`` too, which means these positions.
    """

    at: datetime
    sampler: int
    findings: int
