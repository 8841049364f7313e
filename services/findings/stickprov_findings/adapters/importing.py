"""Records many findings at once, from a table of text: all of them in one commit, or none.

What must not break: what a single finding may not do, a row may not do either, because each row is decided like one. A
retry is answered as the first time, and a table that was imported before changes nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

import asyncpg

from stickprov_contracts.events import type_name
from stickprov_contracts.http.imports import ImportedFindings, ImportFindings
from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Option
from stickprov_findings.adapters.desk import ReviewSource, new_keys
from stickprov_findings.adapters.http.given import comment, day_of
from stickprov_findings.adapters.protections import Protections
from stickprov_findings.adapters.sql.drafts import dropping
from stickprov_findings.adapters.sql.reviews import ReviewRecord
from stickprov_findings.domain.imports.cases import Drawn, DrawnCases, Row, not_drawn
from stickprov_findings.domain.imports.columns import Columns, columns_of
from stickprov_findings.domain.imports.saying import CaseRows, Said
from stickprov_findings.domain.review.commands import CorrectFinding, Found, MarkCase, RecordFinding, ReviewKey
from stickprov_findings.domain.review.decide import Decision, decide
from stickprov_findings.domain.review.entitlement import require_entitled
from stickprov_findings.domain.review.refusals import (
    AlreadyMarkedError,
    AlreadyReviewedError,
    CaseNotDrawnError,
    NothingChangedError,
)
from stickprov_findings.domain.review.state import DrawnCase, Review
from stickprov_findings.domain.review.status import ENDS_A_REVIEW, ReviewEvent
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.errors import BadInputError, StickprovError, UnavailableError
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, Receipt, SideStatement, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.notes.keeping import keep_notes, typed
from stickprov_kernel.sealing.sealing import Sealing

MOST_FAULTS: Final = 1000
"""A table with more faults is told of the first ones."""

_AT_ONCE: Final = 6
_SQL: Final = load_queries("stickprov_findings.adapters.sql", "imports.sql")


class RowsAtFaultError(BadInputError):
    """Rows of the table cannot be used; nothing was stored."""

    code: ClassVar[str] = "rows-rejected"
    title: ClassVar[str] = "The file has rows that cannot be used"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        rows = len({problem.row for problem in problems if problem.row is not None})
        detail = f"Nothing was stored. Rows with faults: {rows}. Put them right and import the file again."
        if len(problems) > MOST_FAULTS:
            detail = (
                f"Nothing was stored. Rows with faults: {rows}. Put them right and import the file again. "
                f"The first {MOST_FAULTS} of {len(problems)} faults are listed."
            )
        super().__init__(detail, errors=problems[:MOST_FAULTS])


@dataclass(frozen=True, slots=True)
class _Planned:
    """What becomes of one case; no events where it stands so already."""

    key: ReviewKey
    record: ReviewRecord
    decision: Decision
    mark: str | None


@dataclass(frozen=True, slots=True)
class _Sender:
    """Whose table it is, and whether they are cleared for protected identities."""

    actor: str
    cleared: bool


class FindingsImport:
    """Imports tables of findings."""

    def __init__(
        self,
        store: EventStore,
        sealing: Sealing,
        reviews: ReviewSource,
        pool: asyncpg.Pool,
        protections: Protections,
        stored: Callable[[ReviewEvent], None],
    ) -> None:
        """Take what it works with.

        Args:
            store: the findings log.
            sealing: seals free texts.
            reviews: where reviews are read from.
            pool: of the findings database.
            protections: whose identity is protected.
            stored: told of each event once it is committed, for the metrics.
        """
        self._store = store
        self._sealing = sealing
        self._reviews = reviews
        self._pool = pool
        self._protections = protections
        self._stored = stored

    async def preview(self, actor: str, time: datetime, request: ImportFindings, *, cleared: bool) -> ImportedFindings:
        """Return what importing would answer; nothing is stored. Raises as ``carry_out`` does."""
        return _answer(await self._plan(_Sender(actor, cleared), time, request))

    async def carry_out(self, context: CommandContext, request: ImportFindings, *, cleared: bool) -> Receipt:
        """Record what the table says; the receipt's answer is an ``ImportedFindings``.

        Args:
            context: who, when and under which command id.
            request: the table.
            cleared: whether they are cleared for protected identities.

        Raises:
            RowsAtFaultError: every fault is named by its row and column.
            UnavailableError: something has not been heard of yet, so nothing can be checked.
        """
        sender = _Sender(context.actor, cleared)
        return await carry_out(self._store, context, lambda: self._attempt(context, sender, request))

    async def _attempt(self, context: CommandContext, sender: _Sender, request: ImportFindings) -> Receipt:
        planned = await self._plan(sender, context.time, request)
        appends: list[StreamAppend] = []
        also: list[SideStatement] = []
        for one in planned:
            if one.decision.events:
                pending = [PendingEvent(new_id(), event) for event in one.decision.events]
                appends.append(StreamAppend(one.key.stream, one.record.review.version, pending))
                also += keep_notes(self._sealing, {one.key.stream: one.decision.notes}, context.time)
                if one.record.has_draft and any(type_name(event) in ENDS_A_REVIEW for event in one.decision.events):
                    also += dropping(one.key.stream, context.actor)
        answer = _answer(planned).model_dump_json().encode()
        receipt = await self._store.commit(context, appends, answer, also=also)
        if not receipt.repeated:
            for one in planned:
                for event in one.decision.events:
                    self._stored(event)
        return receipt

    async def _plan(self, sender: _Sender, time: datetime, request: ImportFindings) -> list[_Planned]:
        columns, problems = columns_of(request.columns)
        if problems:
            raise RowsAtFaultError(problems)
        cases, problems = await self._cases(sender, request, columns)
        turns = asyncio.Semaphore(_AT_ONCE)

        async def plan(drawn: Drawn, rows: Sequence[Row]) -> _Planned | list[FieldProblem]:
            key = ReviewKey(drawn.draw, request.control_point, drawn.case, request.purpose)
            async with turns:
                return await self._plan_case(key, sender, time, columns, rows)

        found = await asyncio.gather(*(plan(*case) for case in cases.items()), return_exceptions=True)
        for one in found:
            if isinstance(one, BaseException):
                raise one
            if isinstance(one, list):
                problems += one
        if problems:
            raise RowsAtFaultError(sorted(problems, key=lambda problem: problem.row or 0))
        return [one for one in found if isinstance(one, _Planned)]

    async def _cases(
        self, sender: _Sender, request: ImportFindings, columns: Columns
    ) -> tuple[Mapping[Drawn, Sequence[Row]], list[FieldProblem]]:
        async def read(hidden: list[str]) -> tuple[list[asyncpg.Record], None]:
            return await self._pool.fetch(_SQL["drawn_cases"], request.control_point, request.draw, hidden), None

        records = await self._protections.judged(read, cleared=sender.cleared)
        drawn = DrawnCases(request.control_point, [_drawn(one) for one in records])
        cases: dict[Drawn, list[Row]] = {}
        problems: list[FieldProblem] = []
        width = len(request.columns)
        for given in request.rows:
            cells = [cell.strip() for cell in given.cells]
            row = Row(given.row, [*cells, *[""] * (width - len(cells))])
            if len(cells) > width and any(cells[width:]):
                message = f"The row has {len(cells)} cells and there are {width} columns. Is a separator left over?"
                problems.append(row.problem("", "row-too-long", message))
                continue
            meant = drawn.meant_by(row, columns)
            if isinstance(meant, Drawn):
                cases.setdefault(meant, []).append(row)
            else:
                problems.append(meant)
        return cases, problems

    async def _plan_case(
        self, key: ReviewKey, sender: _Sender, time: datetime, columns: Columns, rows: Sequence[Row]
    ) -> _Planned | list[FieldProblem]:
        """Return what becomes of a case, or what is wrong with its rows."""
        record = await self._reviews.read(key, sender.actor, cleared=sender.cleared)
        if record is None or record.review.case is None:
            return [not_drawn(rows[0], columns, key.control_point)]
        why_not = _why_not(key, sender, record.review, record.review.case)
        if why_not is not None:
            # Before anything else that is wrong with its rows, which would tell that there is such a case.
            hidden = isinstance(why_not, CaseNotDrawnError)
            problem = rows[0].problem(columns.key, why_not.code, why_not.detail)
            return [not_drawn(rows[0], columns, key.control_point) if hidden else problem]
        asked = record.review.case.asked
        categories = [Option.model_validate(category) for category in record.categories]
        case = CaseRows(columns, rows, asked.content if asked else None, categories)
        said = case.said()
        if said.problems:
            return list(said.problems)
        try:
            return _Planned(key, record, _decided(key, sender.actor, time, said, record), said.mark)
        except UnavailableError:
            raise
        except BadInputError as error:
            return [case.located(problem) for problem in error.errors]
        except StickprovError as error:
            return [rows[0].problem(columns.key, error.code, error.detail)]


def _why_not(key: ReviewKey, sender: _Sender, review: Review, case: DrawnCase) -> StickprovError | None:
    """Return why the case is not the sender's to review."""
    try:
        require_entitled(key, sender.actor, review, case)
    except StickprovError as error:
        return error
    return None


def _drawn(record: asyncpg.Record) -> Drawn:
    draw = UUID(str(record["draw"]))
    return Drawn(record["case_id"], draw, record["draw_order"], record["month"], record["stratum"])


def _decided(key: ReviewKey, actor: str, time: datetime, said: Said, record: ReviewRecord) -> Decision:
    """Return what the rows of a case lead to: nothing where it stands so already.

    Raises:
        StickprovError: they cannot be recorded.
    """
    review, note = record.review, comment(said.given.comment)
    if said.mark is not None:
        mark = MarkCase(key, actor, said.mark, said.reason, note)
        again = MarkCase(key, actor, said.mark, said.reason, note, seen=review.version)
        return _once(lambda: decide(mark, review), lambda: decide(again, review))
    found = Found(said.given, day_of(time), new_keys(), None, note)
    correction = CorrectFinding(key, actor, found, typed("again"))
    return _once(lambda: decide(RecordFinding(key, actor, found), review), lambda: decide(correction, review))


def _once(record: Callable[[], Decision], again: Callable[[], Decision]) -> Decision:
    try:
        return record()
    except (AlreadyReviewedError, AlreadyMarkedError) as error:
        # Recorded before: said again, it would be refused because it changes nothing.
        try:
            again()
        except NothingChangedError:
            return Decision()
        except StickprovError:
            pass
        raise error from None


def _answer(planned: Sequence[_Planned]) -> ImportedFindings:
    new = [one for one in planned if one.decision.events]
    return ImportedFindings(
        recorded=sum(one.mark is None for one in new),
        remarks=sum(getattr(event, "remark", False) for one in new for event in one.decision.events),
        over_coverage=sum(one.mark == "over-coverage" for one in new),
        non_response=sum(one.mark == "non-response" for one in new),
        unchanged=len(planned) - len(new),
    )
