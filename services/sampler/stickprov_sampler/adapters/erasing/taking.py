"""Carrying an erasure out: draw by draw, then frames, then keys of series, each in a commit of its own.

What must not break: what goes from the vault and the event that says so stand or fall together, against the very
versions of holds and retentions that the decision was taken on. An erasure that is interrupted has erased what its
events say and nothing else; the next one takes the rest. A file goes after the commit that erased its key, and at the
next start if there was none.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

import asyncpg
import structlog

from stickprov_contracts.events import Event
from stickprov_contracts.events.erasure import (
    CASES_OF_AN_EVENT,
    CasesErased,
    ErasureReason,
    FrameIdentitiesErased,
    SeriesKeyErased,
)
from stickprov_contracts.streams import (
    HOLDS_STREAM,
    draw_stream,
    frame_stream,
    retention_stream,
    series_stream,
)
from stickprov_kernel.log.attempts import until_undisturbed
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, SideStatement, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.erasing.files import remove_identity_files
from stickprov_sampler.adapters.erasing.reading import DrawToErase, ErasureReader, Snapshot
from stickprov_sampler.adapters.erasing.statements import SQL, series_alone
from stickprov_sampler.domain.erasure.standing import series_without_use

_log = structlog.get_logger(__name__)

Choice = Callable[[Snapshot, DrawToErase], Iterable[str]]
"""Says which cases of a draw go, as everything stands at that moment."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes things from the vault, as part of an erasure."""

    store: EventStore
    pool: asyncpg.Pool
    reader: ErasureReader
    vault_folder: Path

    async def of_draw(
        self, context: CommandContext, erasure: UUID, draw: UUID, why: ErasureReason, choice: Choice
    ) -> int:
        """Erase cases of a draw, and return how many free texts of ours went with them."""
        own = _part(context, f"draw/{draw}")

        async def attempt() -> int:
            snapshot = await self.reader.snapshot([draw])
            of = snapshot.draws[draw]
            cases = sorted(choice(snapshot, of))
            if not cases:
                return 0
            points = list(of.drawn.control_points)
            events = [
                CasesErased(erasure=erasure, draw=draw, control_points=points, cases=part, why=why)
                for part in (cases[at : at + CASES_OF_AN_EVENT] for at in range(0, len(cases), CASES_OF_AN_EVENT))
            ]
            notes = _notes(of, frozenset(cases))
            kept: int = await self.pool.fetchval(SQL["notes_kept"], notes)
            also = [
                series_alone(of.series),
                SideStatement(SQL["forget_drawn_cases"], (draw, cases)),
                SideStatement(SQL["forget_identities"], (cases,)),
                SideStatement(SQL["forget_notes"], (notes,)),
            ]
            await self.store.commit(own, _appends(snapshot, draw_stream(draw), events, points), b"{}", also=also)
            return kept

        return await until_undisturbed(attempt)

    async def of_frames(self, context: CommandContext, erasure: UUID, on: date) -> int:
        """Erase the identities of every frame that is due, and return of how many."""
        snapshot = await self.reader.snapshot()
        due = [frame for frame in snapshot.frames if snapshot.standing_of_frame(frame, on).standing == "due"]
        return sum([await self._of_frame(context, erasure, frame, on) for frame in due])

    async def _of_frame(self, context: CommandContext, erasure: UUID, frame: UUID, on: date) -> bool:
        own = _part(context, f"frame/{frame}")

        async def attempt() -> bool:
            snapshot = await self.reader.snapshot()
            if snapshot.standing_of_frame(frame, on).standing != "due":
                return False
            frozen = snapshot.frames[frame]
            draws = [draw_stream(draw) for draw, of in snapshot.draws.items() if of.drawn.frame == frame]
            events = [FrameIdentitiesErased(erasure=erasure, frame=frame)]
            appends = _appends(snapshot, frame_stream(frame), events, [frozen.control_point], draws)
            also = [
                series_alone(frozen.series),
                SideStatement(SQL["no_other_draw"], (frozen.series, list(snapshot.draws))),
                SideStatement(SQL["forget_frame_key"], (frame,)),
            ]
            await self.store.commit(own, appends, b"{}", also=also)
            return True

        erased = await _unless_used(attempt)
        if erased:
            await asyncio.to_thread(remove_identity_files, self.vault_folder, [frame])
        return erased

    async def of_series(self, context: CommandContext, erasure: UUID) -> int:
        """Erase the keys that nothing needs any more, and return how many."""
        unused = _unused(await self.reader.snapshot())
        return sum([await self._of_one_series(context, erasure, series) for series in sorted(unused)])

    async def _of_one_series(self, context: CommandContext, erasure: UUID, series: UUID) -> bool:
        own = _part(context, f"series/{series}")

        async def attempt() -> bool:
            history = await self.store.load(series_stream(series))
            if series not in _unused(await self.reader.snapshot()):
                return False
            event = PendingEvent(new_id(), SeriesKeyErased(erasure=erasure, series=series))
            also = [
                series_alone(series),
                SideStatement(SQL["no_use_of_series"], (series,)),
                SideStatement(SQL["forget_series_key"], (series,)),
            ]
            await self.store.commit(own, [StreamAppend(history.stream, history.version, [event])], b"{}", also=also)
            return True

        return await _unless_used(attempt)

    async def reuse_room(self) -> None:
        """Have the room of deleted rows given back. A server that does not let us does it by itself, later."""
        try:
            await self.pool.execute(SQL["reuse_room"])
        except asyncpg.PostgresError as error:
            _log.warning("room-not-reused", reason=type(error).__name__)


async def _unless_used(attempt: Callable[[], Awaitable[bool]]) -> bool:
    """Have something erased; what somebody began to use meanwhile is left."""
    try:
        return await until_undisturbed(attempt)
    except asyncpg.SerializationError:
        return False


def _unused(snapshot: Snapshot) -> frozenset[UUID]:
    frames = [frozen for frozen in snapshot.frames.values() if frozen.series in snapshot.series]
    return series_without_use(frames, snapshot.series)


def _part(context: CommandContext, name: str) -> CommandContext:
    """Return the context of a part of a command; a retry of the command finds the part done."""
    return replace(context, command_id=uuid5(context.command_id, name), causation_id=context.command_id)


def _appends(
    snapshot: Snapshot, stream: str, events: Sequence[Event], points: Iterable[str], unmoved: Iterable[str] = ()
) -> list[StreamAppend]:
    """Return what to append, and what must not have moved since: holds, retentions, and what else is named."""
    pending = [PendingEvent(new_id(), event) for event in events]
    read = [HOLDS_STREAM, *(retention_stream(point) for point in points), *unmoved]
    return [
        StreamAppend(stream, snapshot.versions[stream], pending),
        *(StreamAppend(name, snapshot.versions[name], []) for name in sorted(set(read))),
    ]


def _notes(of: DrawToErase, cases: frozenset[str]) -> list[UUID]:
    """Return the free texts about some cases of a draw: why they were replaced. Why holds came and went is kept."""
    return [note for case in cases for note in of.notes.get(case, ())]
