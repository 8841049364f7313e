"""Cases to review, for the tests of findings: draws, a control point with two categories, and the log that says so."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from stickprov_contracts.events import Event, Period, type_name
from stickprov_contracts.events.sampler import CaseDrawn, Category, ControlPointDefined
from stickprov_contracts.log import LogEntry, LogHead, LogPage
from stickprov_contracts.streams import control_point_stream, draw_stream
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.note import Note
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import CommandContext, PendingEvent, Sequenced, StreamAppend
from stickprov_kernel.messaging.delivery import Delivery

DRAW = UUID("0190a000-0000-7000-8000-000000000001")
POINT = "AMF-2021-3"
CASE = "ab" * 32
CATEGORIES = frozenset({"deposit", "swish"})
JANUARY = Period(start=date(2021, 1, 1), end=date(2021, 2, 1), label="2021-01")
FEBRUARY = Period(start=date(2021, 2, 1), end=date(2021, 3, 1), label="2021-02")

KEY = ReviewKey(DRAW, POINT, CASE)


def note(text: str, number: int = 1) -> Note:
    return Note(UUID(int=number), bytes([number]) * 32, text)


def point_defined(point: str = POINT, categories: frozenset[str] = CATEGORIES) -> ControlPointDefined:
    return ControlPointDefined(
        control_point=point,
        number="3",
        year=2021,
        board="nämnden",
        area="ekonomiskt bistånd",
        measure="Kontoutdrag granskas",
        unit_name="hushåll",
        categories=[Category(id=name, sv=name, en=name) for name in sorted(categories)],
    )


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


class SamplerLog:
    """A log of the sampler in memory: what it says can be delivered, and read as a feed."""

    def __init__(self) -> None:
        self._store = MemoryStore("sampler")
        self._delivered = 0

    async def say(self, *events: Event) -> list[Delivery]:
        """Append events, each to its own stream, and return everything not returned before."""
        for event in events:
            stream = _stream(event)
            version = (await self._store.load(stream)).version
            context = CommandContext(uuid4(), "p0", bytes(32), datetime(2021, 1, 31, tzinfo=UTC), uuid4())
            await self._store.commit(context, [StreamAppend(stream, version, [PendingEvent(new_id(), event)])], b"")
        entries = await self._store.read(self._delivered, 100_000)
        self._delivered += len(entries)
        return [_delivery(entry) for entry in entries]

    async def head(self) -> LogHead:
        head = await self._store.head()
        return LogHead(source="sampler", position=head.position, chain_hash=head.chain_hash.hex(), root=head.root.hex())

    async def read(self, after: int, limit: int) -> LogPage:
        entries = await self._store.read(after, limit)
        return LogPage(head=await self.head(), entries=[_entry(entry) for entry in entries])


def _stream(event: Event) -> str:
    match event:
        case ControlPointDefined():
            return control_point_stream(event.control_point)
        case CaseDrawn():
            return draw_stream(event.draw)
        case _:
            raise TypeError(f"{type_name(event)} is not expected here")


def _delivery(entry: Sequenced) -> Delivery:
    return Delivery(entry.position, entry.chain_hash, decode(entry.envelope), entry.envelope, entry.data)


def _entry(entry: Sequenced) -> LogEntry:
    return LogEntry(
        position=entry.position,
        chain_hash=entry.chain_hash.hex(),
        envelope=decode(entry.envelope),
        data=entry.data.decode(),
    )
