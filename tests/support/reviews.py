"""Cases to review, for the tests of findings: a draw, a control point, and a sampler that tells of them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from stickprov_contracts.events import Event, Period
from stickprov_contracts.events.erasure import CasesErased
from stickprov_contracts.events.identities import ProtectionsChanged
from stickprov_contracts.events.plans import PeriodClosed, QuestionnairePublished, StaffListed, StaffMember
from stickprov_contracts.events.sampler import CaseDrawn, Category, ControlPointDefined
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_contracts.streams import (
    PROTECTIONS_STREAM,
    STAFF_STREAM,
    control_point_stream,
    draw_stream,
    plan_stream,
    questionnaire_stream,
)
from stickprov_findings.domain.questionnaire.outcome import GivenOutcome
from stickprov_findings.domain.review.commands import Found, ReviewKey
from stickprov_findings.domain.review.note import NoteKeys
from stickprov_findings.domain.review.state import DrawnCase
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.messaging.delivery import Delivery
from stickprov_kernel.notes.note import Note
from support.inbox import MemoryFeed, deliveries
from support.log import append, command

DRAW = UUID("0190a000-0000-7000-8000-000000000001")
POINT = "AMF-2021-3"
CASE = "ab" * 32
QUESTIONNAIRE = "kontoutdrag"
CATEGORIES = frozenset({"deposit", "swish"})
JANUARY = Period(start=date(2021, 1, 1), end=date(2021, 2, 1), label="2021-01")
FEBRUARY = Period(start=date(2021, 2, 1), end=date(2021, 3, 1), label="2021-02")

KEY = ReviewKey(DRAW, POINT, CASE)


def note(text: str, number: int = 1) -> Note:
    return Note(UUID(int=number), bytes([number]) * 32, text)


def drawn(handler: str | None = None, **changes: object) -> DrawnCase:
    """Return what is known of the case when a decision is taken."""
    return replace(DrawnCase(handler, CATEGORIES, date(2021, 1, 31)), **changes)


def found(*categories: str, remark: bool | None = None, comment: Note | None = None, **given: object) -> Found:
    """Return what somebody says of the case on the first of March; who names a category says that there is a remark."""
    remark = True if categories and remark is None else remark
    return Found(
        GivenOutcome(remark=remark, categories=categories, **given),
        date(2021, 3, 1),
        NoteKeys(b"k" * 32),
        None,
        comment,
    )


def point_defined(
    point: str = POINT, categories: frozenset[str] = CATEGORIES, **changes: object
) -> ControlPointDefined:
    defined = ControlPointDefined(
        control_point=point,
        number="3",
        year=2021,
        board="nämnden",
        area="ekonomiskt bistånd",
        measure="Kontoutdrag granskas",
        unit_name="hushåll",
        categories=[Category(id=name, sv=name, en=name) for name in sorted(categories)],
    )
    return defined.model_copy(update=changes)


def published(questionnaire: Questionnaire, *, number: int = 1, name: str = QUESTIONNAIRE) -> QuestionnairePublished:
    content = questionnaire.model_dump(mode="json", exclude_defaults=True)
    return QuestionnairePublished(questionnaire=name, number=number, content=content)


def staff_listed(*staff: StaffMember) -> StaffListed:
    return StaffListed(staff=list(staff))


def period_closed(period: Period = JANUARY, point: str = POINT) -> PeriodClosed:
    return PeriodClosed(plan="AMF-2021", period=period, control_points=[point])


def case_drawn(case: str = CASE, **changes: object) -> CaseDrawn:
    drawn = CaseDrawn(
        case=case,
        draw=DRAW,
        control_points=[POINT],
        period=JANUARY,
        month="2021-01",
        stratum="",
        order=1,
        inclusion_probability=0.1,
    )
    return drawn.model_copy(update=changes)


class Sampler:
    """A sampler's log in memory: what it says can be delivered by hand, relayed, and read as a feed."""

    def __init__(self) -> None:
        self.log = MemoryStore("sampler")
        self.feed = MemoryFeed("sampler", self.log)
        self._delivered = 0

    async def say(self, *events: Event) -> list[Delivery]:
        """Append events, and return everything that was not returned before."""
        for event in events:
            stream = _stream(event)
            version = (await self.log.load(stream)).version
            await self.log.commit(command(actor="p0"), [append(stream, version, event)], b"")
        entries = await self.log.read(self._delivered, 100_000)
        self._delivered += len(entries)
        return deliveries(entries)


def _stream(event: Event) -> str:
    match event:
        case ControlPointDefined():
            return control_point_stream(event.control_point)
        case CaseDrawn() | CasesErased():
            return draw_stream(event.draw)
        case QuestionnairePublished():
            return questionnaire_stream(event.questionnaire)
        case StaffListed():
            return STAFF_STREAM
        case PeriodClosed():
            return plan_stream(event.plan)
        case ProtectionsChanged():
            return PROTECTIONS_STREAM
        case _:
            raise TypeError(f"{event.name} is not expected here")
