"""Conclusions, actions and statuses of plans as they stand, read from the log, with the texts that are still there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_contracts.events import Event, NoteReference
from stickprov_contracts.streams import action_stream
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.understanding import understand
from stickprov_kernel.notes.keeping import opened
from stickprov_kernel.sealing.sealing import Sealing

_SQL: Final = load_queries(__package__, "follow_ups.sql")


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the follow-up, with when and by whom (a pseudonym)."""

    stream: str
    version: int
    time: datetime
    actor: str
    event: Event


class Texts:
    """Notes that can still be read."""

    def __init__(self, texts: Mapping[UUID, str]) -> None:
        self._texts = texts

    def of(self, reference: NoteReference | None) -> str | None:
        """Return the text a reference stands for; None when there is none or it has been erased."""
        return self._texts.get(reference.note) if reference else None


class FollowUpReader:
    """Reads the follow-up from the findings database."""

    def __init__(self, pool: asyncpg.Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def conclusions(self) -> list[Told]:
        """Return every conclusion, also those that were replaced, oldest first."""
        return await self._told("conclusions")

    async def actions(self) -> list[Told]:
        """Return everything that happened to actions, oldest first."""
        return await self._told("actions")

    async def action(self, action: UUID) -> list[Told]:
        """Return everything that happened to one action, oldest first; nothing where there is none."""
        return await self._told("action", action_stream(action))

    async def plan_statuses(self) -> list[Told]:
        """Return every reported status, also those that were replaced, oldest first."""
        return await self._told("plan_statuses")

    async def texts(self, references: Iterable[NoteReference | None]) -> Texts:
        """Return those texts that have not been erased."""
        notes = [reference.note for reference in references if reference]
        rows = await self._pool.fetch(_SQL["texts"], notes) if notes else []
        return Texts({row["note"]: opened(self._sealing, row).text for row in rows})

    async def plan_of(self, control_point: str) -> tuple[bool, str | None]:
        """Return whether a control point is known, and its plan."""
        row = await self._pool.fetchrow(_SQL["control_point"], control_point)
        return (False, None) if row is None else (True, row["plan"])

    async def is_listed(self, pseudonym: str) -> bool:
        """Tell whether somebody stands in the staff list."""
        return bool(await self._pool.fetchval(_SQL["is_listed"], pseudonym))

    async def _told(self, statement: str, *arguments: object) -> list[Told]:
        return [
            Told(row["stream"], row["version"], row["time"], row["actor"], understand(row["type"], row["data"]))
            for row in await self._pool.fetch(_SQL[statement], *arguments)
        ]
