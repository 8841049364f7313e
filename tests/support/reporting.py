"""Both logs in memory, filled with months of draws and findings as the board's documents count them."""

import calendar
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid4

from stickprov_contracts.envelope import Envelope
from stickprov_contracts.events import Event, NoteReference, Period, type_name
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.findings import (
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewReopened,
    ReviewStarted,
    SecondReviewRecorded,
)
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.events.measures import Goal, MeasuredCell, RegisterMeasured
from stickprov_contracts.events.plans import ControlPlanAdopted, QuestionnairePublished
from stickprov_contracts.events.sampler import (
    Allocation,
    CaseDrawn,
    Category,
    ControlPointDefined,
    Design,
    FrameFrozen,
    SampleDrawn,
)
from stickprov_contracts.streams import (
    action_stream,
    conclusion_stream,
    control_point_stream,
    draw_stream,
    file_review_stream,
    frame_stream,
    measure_stream,
    plan_status_stream,
    plan_stream,
    questionnaire_stream,
    review_stream,
    second_review_stream,
)
from stickprov_contracts.topics import Source
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import CommandContext, Incoming, PendingEvent, StreamAppend
from stickprov_kernel.messaging.delivery import Delivery
from support.inbox import MemoryFeed, deliveries
from support.report_texts import Notes

POINT = "AMF-2021-3"
REASON = NoteReference(note=UUID(int=1), digest="0" * 64)


class MonthCount(NamedTuple):
    """A month of a document: N, n and x."""

    month: str
    size: int
    drawn: int
    remarks: int


JANUARY_TO_MARCH = (
    MonthCount("2021-01", 2663, 156, 28),
    MonthCount("2021-02", 2663, 159, 29),
    MonthCount("2021-03", 2663, 194, 47),
)
APRIL_TO_AUGUST = (
    MonthCount("2021-04", 2670, 163, 30),
    MonthCount("2021-05", 2670, 183, 40),
    MonthCount("2021-06", 2670, 139, 30),
    MonthCount("2021-07", 2670, 133, 35),
    MonthCount("2021-08", 2670, 174, 41),
)
SEPTEMBER_TO_DECEMBER = (
    MonthCount("2021-09", 2528, 199, 63),
    MonthCount("2021-10", 2528, 165, 41),
    MonthCount("2021-11", 2528, 157, 37),
    MonthCount("2021-12", 2528, 123, 22),
)


def draw_id(name: str) -> UUID:
    return UUID(bytes=hashlib.sha256(name.encode()).digest()[:16])


def case_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def month_period(month: str) -> Period:
    year, number = map(int, month.split("-"))
    start = date(year, number, 1)
    return Period(start=start, end=start + timedelta(calendar.monthrange(year, number)[1]), label=month)


def measured(
    name: str,
    cells: Sequence[tuple[str, str, int, int]],
    period: Period,
    *,
    points: Sequence[str] = (POINT,),
    goal: str | None = None,
) -> Event:
    """A share counted over a frame; each cell is its month, unit, numerator and denominator."""
    return RegisterMeasured(
        measure=draw_id(name),
        title=name,
        frame=draw_id(f"frame {name}"),
        frame_hash=case_id(name),
        control_points=list(points),
        period=period,
        kind="share",
        rule="Legitimerad",
        goal=None if goal is None else Goal(share=Decimal(goal)),
        numerator=Decimal(sum(cell[2] for cell in cells)),
        denominator=sum(cell[3] for cell in cells),
        cells=[MeasuredCell(month=m, unit=u, numerator=Decimal(x), denominator=n) for m, u, x, n in cells],
    )


def defined(point: str = POINT, *, measure: str = "Rätt uppgifter", categories: Sequence[str] = ()) -> Event:
    return ControlPointDefined(
        control_point=point,
        number="3",
        year=2021,
        board="nämnden",
        area="ekonomiskt bistånd",
        measure=measure,
        unit_name="hushåll",
        categories=[Category(id=name, sv=f"{name} på svenska", en=f"{name} in English") for name in categories],
    )


def sample(
    draw: str,
    allocation: Iterable[tuple[str, str, int, int]],
    period: Period,
    *,
    by: Sequence[str] = (),
    points: Sequence[str] = (POINT,),
    design: Design | None = None,
) -> SampleDrawn:
    """Return a sample; ``allocation`` is stratum, month, N, n."""
    parts = [Allocation(stratum=stratum, month=month, size=n, drawn=d) for stratum, month, n, d in allocation]
    return SampleDrawn(
        draw=draw_id(draw),
        frame=draw_id(f"frame of {draw}"),
        series=draw_id("series"),
        control_points=list(points),
        period=period,
        design=design or ("stratified" if by else "simple"),
        stratified_by=list(by),
        size=sum(part.size for part in parts),
        drawn=sum(part.drawn for part in parts),
        allocation=parts,
        seed="0" * 64,
        frame_hash="0" * 64,
    )


def case_drawn(
    draw: str,
    case: str,
    month: str,
    *,
    stratum: str = "",
    unit: str = "",
    period: Period | None = None,
    points: Sequence[str] = (POINT,),
) -> CaseDrawn:
    return CaseDrawn(
        case=case_id(case),
        draw=draw_id(draw),
        control_points=list(points),
        period=period or month_period(month),
        month=month,
        stratum=stratum,
        unit=unit,
        order=1,
        inclusion_probability=0.1,
    )


def recorded(draw: str, case: str, *categories: str, remark: bool = False, point: str = POINT) -> FindingRecorded:
    return FindingRecorded(
        draw=draw_id(draw), control_point=point, case=case_id(case), remark=remark, categories=list(categories)
    )


def corrected(draw: str, case: str, *categories: str, remark: bool = False, point: str = POINT) -> FindingCorrected:
    return FindingCorrected(
        draw=draw_id(draw),
        control_point=point,
        case=case_id(case),
        corrects=1,
        remark=remark,
        categories=list(categories),
        reason=REASON,
    )


def withdrawn(draw: str, case: str, *, point: str = POINT) -> FindingWithdrawn:
    return FindingWithdrawn(draw=draw_id(draw), control_point=point, case=case_id(case), withdraws=1, reason=REASON)


def month_of_document(count: MonthCount) -> list[Event]:
    """Return a simple draw of a month with its findings; every third remark is a deposit."""
    draw = count.month
    events: list[Event] = [sample(draw, [("", count.month, count.size, count.drawn)], month_period(count.month))]
    events += [case_drawn(draw, f"{draw} {number}", count.month) for number in range(count.drawn)]
    for number in range(count.drawn):
        remark = number < count.remarks
        named = ["deposit"] if remark and number % 3 == 0 else []
        events.append(recorded(draw, f"{draw} {number}", *named, remark=remark))
    return events


def stream_of(event: Event) -> str:
    match event:
        case ControlPointDefined():
            return control_point_stream(event.control_point)
        case SampleDrawn() | CaseDrawn() | SampleExtended() | CaseReplaced():
            return draw_stream(event.draw)
        case RegisterMeasured():
            return measure_stream(event.measure)
        case SecondReviewRecorded():
            return second_review_stream(event.draw, event.control_point, event.case)
        case FileReviewRecorded():
            return file_review_stream(event.draw, event.control_point, event.case)
        case _:
            return _stream_of_what_was_found(event)


def _stream_of_what_was_found(event: Event) -> str:
    match event:
        case (
            FindingRecorded()
            | FindingCorrected()
            | FindingWithdrawn()
            | DisagreementSettled()
            | CaseMarkedOverCoverage()
            | CaseMarkedNonResponse()
            | ReviewReopened()
            | ReviewStarted()
        ):
            return review_stream(event.draw, event.control_point, event.case)
        case _:
            return _stream_of_what_was_told(event)


def _stream_of_what_was_told(event: Event) -> str:
    match event:
        case ControlPlanAdopted():
            return plan_stream(event.plan)
        case QuestionnairePublished():
            return questionnaire_stream(event.questionnaire)
        case FrameFrozen():
            return frame_stream(event.frame)
        case ControlConcluded():
            return conclusion_stream(event.control_point, event.period.start, event.period.end)
        case ActionProposed() | ActionUpdated() | ActionFollowedUp():
            return action_stream(event.action)
        case PlanStatusReported():
            return plan_status_stream(event.plan, event.control_point)
        case _:
            raise TypeError(f"{type_name(event)} is not expected here")


def incoming(events: Iterable[Event]) -> list[Incoming]:
    """Return events as a log in this order would bring them, without its hashes."""
    versions: dict[str, int] = {}
    found = []
    for position, event in enumerate(events, 1):
        stream = stream_of(event)
        versions[stream] = versions.get(stream, 0) + 1
        found.append(heard(event, position, stream, versions[stream]))
    return found


def heard(event: Event, position: int = 1, stream: str = "any", version: int = 1) -> Incoming:
    """Return one event as a log brings it."""
    envelope = Envelope.model_construct(
        type=type_name(event), subject=stream, streamversion=str(version), time="2021-01-31T00:00:00Z", actor="p0"
    )
    return Incoming(position, bytes(32), envelope, event)


@dataclass
class TwoLogs:
    """The sampler's and the findings' log in memory."""

    stores: dict[Source, MemoryStore] = field(
        default_factory=lambda: {"sampler": MemoryStore("sampler"), "findings": MemoryStore("findings")}
    )

    notes: Notes = field(default_factory=Notes)

    def __post_init__(self) -> None:
        self.feeds = {source: MemoryFeed(source, store) for source, store in self.stores.items()}
        self._delivered: dict[Source, int] = dict.fromkeys(self.stores, 0)

    async def say(self, *events: Event) -> None:
        """Append each event to its stream, in the log it belongs to."""
        for source, store in self.stores.items():
            streams: dict[str, list[PendingEvent]] = {}
            for event in events:
                if event.source == source:
                    streams.setdefault(stream_of(event), []).append(PendingEvent(new_id(), event))
            appends = [
                StreamAppend(stream, (await store.load(stream)).version, pending) for stream, pending in streams.items()
            ]
            context = CommandContext(uuid4(), "p0", bytes(32), datetime(2021, 1, 31, tzinfo=UTC), uuid4())
            await store.commit(context, appends, b"")

    async def news(self, source: Source) -> list[Delivery]:
        """Return what a log says and was not returned before, as Kafka brings it."""
        entries = await self.stores[source].read(self._delivered[source], 1_000_000)
        self._delivered[source] += len(entries)
        return deliveries(entries)
