"""What a draw needs of a frame's identities, and what refuses it once they are gone.

What must not break: whatever is drawn is drawn while the identities are there; an erasure that comes in between refuses
the draw, or waits for it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events.erasure import CasesErased, CasesForgotten, FrameIdentitiesErased, SeriesKeyErased
from stickprov_contracts.streams import forgotten_stream, frame_stream, series_stream
from stickprov_kernel.log.records import History, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.domain.erasure.refusals import IdentitiesErasedError


async def with_identities(store: EventStore, frame: UUID) -> StreamAppend:
    """Return what a commit says so that it is refused once the frame's identities are being erased.

    Raises:
        IdentitiesErasedError: they are gone already.
    """
    history = await store.load(frame_stream(frame))
    if any(isinstance(one.event, FrameIdentitiesErased) for one in history.events):
        raise IdentitiesErasedError(
            "Who the units of this frame are has been erased, so nothing is drawn from it any more. "
            "Freeze the register again."
        )
    return StreamAppend(history.stream, history.version, [])


async def with_series_key(store: EventStore, series: UUID) -> StreamAppend:
    """Return what a commit says so that it is refused once the series' key is being erased.

    Raises:
        IdentitiesErasedError: it is gone already.
    """
    history = await store.load(series_stream(series))
    if any(isinstance(one.event, SeriesKeyErased) for one in history.events):
        raise IdentitiesErasedError("The key of this series has been erased. Freeze the frame in a series of its own.")
    return StreamAppend(history.stream, history.version, [])


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Cases of a series that asked to be forgotten.

    Attributes:
        unmoved: what a commit says so that it is refused once there are more of them.
        erasures: by case, the erasure that it asked for.
    """

    unmoved: StreamAppend
    erasures: Mapping[str, UUID]

    def erased(self, draw: UUID, control_points: Sequence[str], cases: Collection[str]) -> list[CasesErased]:
        """Return what a draw that has drawn some cases says of those among them."""
        by_erasure: dict[UUID, list[str]] = {}
        for case in sorted(set(cases) & set(self.erasures)):
            by_erasure.setdefault(self.erasures[case], []).append(case)
        return [
            CasesErased(erasure=erasure, draw=draw, control_points=list(control_points), cases=gone, why="request")
            for erasure, gone in sorted(by_erasure.items())
        ]


async def forgotten_in(store: EventStore, series: UUID) -> Forgotten:
    """Return who asked to be forgotten in a series."""
    history = await store.load(forgotten_stream(series))
    told = [one.event for one in history.events if isinstance(one.event, CasesForgotten)]
    erasures = {case: event.erasure for event in told for case in event.cases}
    return Forgotten(StreamAppend(history.stream, history.version, []), erasures)


def refuse_erased_draw(draw: History, cases: frozenset[str]) -> None:
    """Refuse to go on with a draw whose identities are gone: by its time, or all of them on request.

    Args:
        draw: its stream.
        cases: all that it ever had.

    Raises:
        IdentitiesErasedError: they are.
    """
    erased = [one.event for one in draw.events if isinstance(one.event, CasesErased)]
    gone = {case for event in erased for case in event.cases}
    if any(event.why == "schedule" for event in erased) or (erased and gone >= cases):
        raise IdentitiesErasedError(
            "Who the cases of this draw are has been erased, so it gets no more of them. Make a new draw."
        )
