"""Carries out assignments: read, decide, commit; again when somebody else was first.

What must not break: an assignment and its row are stored together; the same command again gives nothing twice.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stickprov_contracts.events.findings import CaseAssigned
from stickprov_contracts.http.findings import Assigned, Recorded, Reviewer, ReviewerLoad, Unassigned
from stickprov_contracts.streams import assignment_stream
from stickprov_findings.adapters.sql.assignments import AssignedCases, writing
from stickprov_findings.adapters.sql.progress import ProgressReader
from stickprov_findings.domain.assignment import giving, moving
from stickprov_findings.domain.assignment.refusals import NoCasesDrawnError
from stickprov_findings.domain.assignment.rules import Member, Staff
from stickprov_findings.domain.assignment.standing import Standing
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.refusals import CaseNotDrawnError, CaseReplacedError, PeriodClosedError
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, Receipt, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.notes.keeping import keep_notes
from stickprov_kernel.sealing.sealing import Sealing

_CHANCE: Final = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class AssignmentDesk:
    """The one way in for everything that gives cases to reviewers."""

    store: EventStore
    sealing: Sealing
    cases: AssignedCases
    progress: ProgressReader

    async def give(self, context: CommandContext, command: giving.Give) -> Receipt:
        """Give the cases of a draw to reviewers; the receipt's answer is an ``Assigned``.

        Raises:
            NoCasesDrawnError: nothing has been drawn like this.
            PeriodClosedError: all of it belongs to a closed period.
            AssignmentUnfitError: a group or a share is missing.
        """
        return await carry_out(self.store, context, lambda: self._give(context, command))

    async def preview(self, command: giving.Give) -> Assigned:
        """Return what giving would answer; nothing is stored. Raises as ``give`` does.

        Whom chance chooses for a second review is chosen anew each time.
        """
        return (await self._decide(command))[1]

    async def move(self, context: CommandContext, command: moving.Move, *, cleared: bool) -> Receipt:
        """Give one case to another reviewer; the receipt's answer is a ``Recorded`` of the stream of assignments.

        Args:
            context: who, when and under which command id.
            command: the case and the reviewer.
            cleared: whether who moves it is cleared for protected identities; to others such a case is not drawn.

        Raises:
            CaseNotDrawnError, CaseReplacedError, PeriodClosedError: there is nothing to review.
            AssignmentUnfitError, AlreadyTheirsError: it cannot be theirs, or is.
        """
        return await carry_out(self.store, context, lambda: self._move(context, command, cleared=cleared))

    async def _give(self, context: CommandContext, command: giving.Give) -> Receipt:
        given, answer = await self._decide(command)
        appends = [_append(event, before) for event, before in zip(given.events, given.versions, strict=True)]
        also = writing(given.events, [before + 1 for before in given.versions])
        return await self.store.commit(context, appends, answer.model_dump_json().encode(), also=also)

    async def _decide(self, command: giving.Give) -> tuple[giving.Given, Assigned]:
        point = await self.cases.point(command.control_point)
        drawn = await self.cases.standings(command.draw, command.control_point, command.purpose)
        if point is None or not drawn:
            raise NoCasesDrawnError(command.draw, command.control_point)
        standings = _open(drawn)
        reviewers = await self.progress.reviewers()
        waiting = {one.pseudonym: one.waiting for one in reviewers}
        # In a thread: thousands of cases take seconds to share out.
        given = await asyncio.to_thread(
            giving.decide, command, point, standings, _staff(reviewers), waiting, _CHANCE.sample
        )
        return given, _answer(given, reviewers)

    async def _move(self, context: CommandContext, command: moving.Move, *, cleared: bool) -> Receipt:
        point = await self.cases.point(command.control_point)
        found = await self.cases.standings(command.draw, command.control_point, command.purpose, command.case)
        if point is None or not found or (found[0].protected and not cleared):
            raise CaseNotDrawnError(ReviewKey(command.draw, command.control_point, command.case, command.purpose))
        standing = found[0]
        if standing.replaced_by is not None:
            raise CaseReplacedError(standing.replaced_by)
        if standing.closed is not None:
            raise PeriodClosedError(standing.closed, standing.version)
        event = moving.decide(command, standing, _staff(await self.progress.reviewers()), point.rule)
        append = _append(event, standing.version)
        answer = Recorded(
            event=append.events[0].id,
            draw=event.draw,
            control_point=event.control_point,
            case=event.case,
            version=standing.version + 1,
        )
        also = [
            *writing([event], [standing.version + 1]),
            *keep_notes(self.sealing, {append.stream: [command.reason]}, context.time),
        ]
        return await self.store.commit(context, [append], answer.model_dump_json().encode(), also=also)


def _open(drawn: Sequence[Standing]) -> list[Standing]:
    """Return the cases that can be reviewed.

    Raises:
        PeriodClosedError: none of those in the draw can, because their period has been closed.
    """
    inside = [one for one in drawn if one.replaced_by is None]
    still = [one for one in inside if one.closed is None]
    if inside and not still:
        raise PeriodClosedError(inside[0].closed or "", 0)
    return still


def _append(event: CaseAssigned, version: int) -> StreamAppend:
    stream = assignment_stream(event.draw, event.control_point, event.case)
    return StreamAppend(stream, version, [PendingEvent(new_id(), event)])


def _staff(reviewers: Sequence[Reviewer]) -> Staff:
    return Staff(Member(one.pseudonym, one.unit, frozenset(one.groups), one.cleared) for one in reviewers)


def _answer(given: giving.Given, reviewers: Sequence[Reviewer]) -> Assigned:
    counts: dict[str, int] = {}
    for reviewer in given.outcome.given.values():
        counts[reviewer] = counts.get(reviewer, 0) + 1
    return Assigned(
        given=len(given.events),
        already=given.already,
        loads=[
            ReviewerLoad(reviewer=one.pseudonym, unit=one.unit, waiting=one.waiting, given=counts[one.pseudonym])
            for one in reviewers
            if one.pseudonym in counts
        ],
        unassigned=[Unassigned(case=case, why=why) for case, why in sorted(given.outcome.unassigned.items())],
    )
