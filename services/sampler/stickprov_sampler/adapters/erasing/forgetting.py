"""Forgetting cases on request: nobody who draws from their series learns again who they are.

What must not break: the event, the pseudonyms that no draw brings back and the keys of the frames' new identity files
are one commit. A file that was written anew and is named by nothing is rubbish, which goes at the next start, and so
does an old one, whose key is gone. What a hold keeps is not forgotten.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

import asyncpg
import structlog

from stickprov_contracts.events.erasure import CASES_OF_AN_EVENT, CasesForgotten
from stickprov_contracts.streams import HOLDS_STREAM, forgotten_stream, frame_stream
from stickprov_kernel.log.attempts import until_undisturbed
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, SideStatement, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.erasing.reading import ErasureReader, Snapshot
from stickprov_sampler.adapters.erasing.statements import SQL, series_alone
from stickprov_sampler.adapters.frames.forgetting import ForgettingFiles, Rewritten
from stickprov_sampler.adapters.frames.identity_files import IdentityFile
from stickprov_sampler.adapters.sql import SQL as VAULT
from stickprov_sampler.adapters.sql.vault import keep_frame_key
from stickprov_sampler.domain.erasure.standing import held_of

_ALONE: Final = 0x5374_466F_7267  # "StForg"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Forgot:
    """What came of it.

    Attributes:
        holds: that keep cases from being forgotten.
    """

    cases: frozenset[str]
    holds: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Forgets cases of a series."""

    store: EventStore
    pool: asyncpg.Pool
    reader: ErasureReader
    files: ForgettingFiles

    async def living(self) -> dict[UUID, list[IdentityFile]]:
        """Return the identity files that can be opened, by series."""
        found: dict[UUID, list[IdentityFile]] = {}
        for row in await self.pool.fetch(VAULT["frame_keys"]):
            key = WrappedKey(row["master"], row["wrapped_key"])
            file = IdentityFile(row["frame"], self.files.files.folder / row["file"], key)
            found.setdefault(row["series"], []).append(file)
        return found

    async def forget(self, context: CommandContext, erasure: UUID, series: UUID, cases: Collection[str]) -> Forgot:
        """Forget cases of a series, as far as nothing holds them; what is forgotten already is left."""
        own = replace(
            context, command_id=uuid5(context.command_id, f"forget/{series}"), causation_id=context.command_id
        )

        async def attempt() -> Forgot:
            history = await self.store.load(forgotten_stream(series))
            snapshot = await self.reader.snapshot()
            present = await self._present(series, cases)
            free, holds = _unless_held(snapshot, cases, present)
            known = {row["case_id"] for row in await self.pool.fetch(SQL["forgotten"], sorted(free))}
            frames = [file for file, there in present.items() if there & free]
            if not free - known and not frames:
                return Forgot(frozenset(), holds)
            rewritten = [await self._without(file, free) for file in frames]
            told = sorted(free)
            events = [
                CasesForgotten(
                    erasure=erasure,
                    series=series,
                    cases=told[at : at + CASES_OF_AN_EVENT],
                    frames=[file.frame for file in frames],
                )
                for at in range(0, len(told), CASES_OF_AN_EVENT)
            ]
            unmoved = [HOLDS_STREAM, *(frame_stream(file.frame) for file in frames)]
            appends = [
                StreamAppend(history.stream, history.version, [PendingEvent(new_id(), event) for event in events]),
                *(StreamAppend(name, snapshot.versions[name], []) for name in unmoved),
            ]
            also = [series_alone(series), SideStatement(SQL["keep_forgotten"], (told,)), *_renamed(series, rewritten)]
            try:
                await self.store.commit(own, appends, b"{}", also=also)
            except Exception:
                await self._remove([one.path for one in rewritten])
                raise
            await self._remove([one.old.path for one in rewritten])
            return Forgot(frozenset(free), holds)

        async with self.alone():
            return await until_undisturbed(attempt)

    async def again(self) -> int:
        """Forget again whom a restored backup knows, and take away files that nothing names; return how much."""
        events = [one.event for one in await self.reader.facts(CasesForgotten)]
        told = [event for event in events if isinstance(event, CasesForgotten)]
        if not told:
            return 0
        asked: dict[UUID, set[str]] = {}
        for event in told:
            asked.setdefault(event.series, set()).update(event.cases)
        async with self.alone():
            restored = [await self._again(series, cases) for series, cases in asked.items()]
            swept = await self._sweep({frame for event in told for frame in event.frames})
        return sum(restored) + swept

    async def _again(self, series: UUID, cases: set[str]) -> int:
        known = {row["case_id"] for row in await self.pool.fetch(SQL["forgotten"], sorted(cases))}
        if cases <= known:
            return 0
        present = await self._present(series, cases)
        rewritten = [await self._without(file, cases) for file, there in present.items() if there]
        gone = sorted(cases)
        statements = [
            SideStatement(SQL["keep_forgotten"], (gone,)),
            SideStatement(SQL["forget_in_every_draw"], (gone,)),
            SideStatement(SQL["forget_identities"], (gone,)),
            *_renamed(series, rewritten),
        ]
        async with self.pool.acquire() as connection, connection.transaction():
            for statement in statements:
                await connection.execute(statement.sql, *statement.arguments)
        await self._remove([one.old.path for one in rewritten])
        return len(cases - known)

    async def _sweep(self, frames: Collection[UUID]) -> int:
        """Take away files of frames that were written anew but for those that are named."""
        named = {file.path.name for files in (await self.living()).values() for file in files}
        folder = self.files.files.folder

        def rubbish() -> list[str]:
            files = [file for frame in frames for file in folder.glob(f"{frame}.*.sealed") if file.name not in named]
            for file in files:
                file.unlink(missing_ok=True)
            return [file.name for file in files]

        return len(await asyncio.to_thread(rubbish))

    async def _present(self, series: UUID, cases: Collection[str]) -> dict[IdentityFile, frozenset[str]]:
        files = (await self.living()).get(series, [])
        found = {}
        for file in files:
            try:
                found[file] = await asyncio.to_thread(self.files.present, file, cases)
            except FileNotFoundError:
                # Lost, and with it whoever it held: a draw from it says so.
                _log.warning("identity-file-gone", file=file.path.name)
        return found

    async def _without(self, file: IdentityFile, cases: Collection[str]) -> Rewritten:
        return await asyncio.to_thread(self.files.without, file, cases)

    async def _remove(self, paths: Sequence[Path]) -> None:
        def remove() -> None:
            for path in paths:
                path.unlink(missing_ok=True)

        await asyncio.to_thread(remove)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Let one at a time write files anew or take away those that nothing names, in whichever process."""
        async with self.pool.acquire() as connection:
            await connection.execute(SQL["rewriting_alone"], _ALONE)
            try:
                yield
            finally:
                await connection.execute(SQL["rewriting_done"], _ALONE)


def _unless_held(
    snapshot: Snapshot, cases: Collection[str], present: Mapping[IdentityFile, frozenset[str]]
) -> tuple[frozenset[str], frozenset[UUID]]:
    """Return those of some cases that nothing holds, in any draw or frame, and the holds that keep the others."""
    asked = frozenset(cases)
    kept: set[str] = set()
    holds: set[UUID] = set()
    for of in snapshot.draws.values():
        held, by = held_of(of.drawn, snapshot.holds)
        if asked & held:
            kept |= held
            holds |= by
    for file, there in present.items():
        on_point = snapshot.holds.on_point(snapshot.frames[file.frame].control_point)
        if on_point and there:
            kept |= there
            holds |= on_point
    return asked - kept, frozenset(holds)


def _renamed(series: UUID, rewritten: Sequence[Rewritten]) -> list[SideStatement]:
    """Return what forgets the keys of old files and keeps those of the new ones."""
    return [
        statement
        for one in rewritten
        for statement in (
            SideStatement(SQL["forget_frame_key"], (one.old.frame,)),
            keep_frame_key(one.old.frame, series, one.path.name, one.key),
        )
    ]
